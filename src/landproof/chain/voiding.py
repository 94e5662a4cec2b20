"""What was declared wrong: nothing is deleted, and a declaration may be declared wrong itself."""

from collections.abc import Iterable


def void(declarations: Iterable[tuple[str, str]]) -> set[str]:
    """What counts for nothing, of pairs of a declaration and what it voids.

    A declaration that is void voids nothing. Those that cannot be settled, since they void one another in a
    circle, are all in force: the fewer events count, the less is proven.
    """
    pairs = set(declarations)
    by: dict[str, set[str]] = {}
    for declaration, voided in pairs:
        by.setdefault(voided, set()).add(declaration)
    in_force: dict[str, bool] = {}
    waiting = {declaration for declaration, _ in pairs}
    while waiting:
        settled: dict[str, bool] = {}
        for each in waiting:
            said = [in_force.get(other) for other in by.get(each, ())]
            if True in said:
                settled[each] = False
            elif None not in said:
                settled[each] = True
        in_force |= settled or dict.fromkeys(waiting, True)
        waiting -= in_force.keys()
    return {voided for voided, declared in by.items() if any(in_force[each] for each in declared)}
