"""`compiled`: numba's compiler with the options that all kernels share, and loads from raw bytes."""

# pyright: reportMissingTypeStubs=false, reportUnknownVariableType=false, reportUnknownMemberType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false, reportMissingParameterType=false
# pyright: reportUntypedFunctionDecorator=false, reportUnusedFunction=false
# ruff: noqa: ARG001 - numba calls these with all it has

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

Bytes = npt.NDArray[np.uint8]
_Function = TypeVar("_Function", bound=Callable[..., Any])


def compiled(function: _Function) -> _Function:
    """Compile ``function`` when it is first called; keep the machine code beside the source.

    No fast-math: sums keep their order and no product is fused with a sum, so all machines get the same bits.
    """
    return cast(_Function, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


@intrinsic
def _float_at(typing_context, data, at):
    def load(context, builder, signature, arguments):
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        place = builder.bitcast(builder.gep(array.data, [arguments[1]]), ir.DoubleType().as_pointer())
        return builder.load(place, align=1)

    return types.float64(data, types.int64), load


@intrinsic
def _word_at(typing_context, data, at):
    def load(context, builder, signature, arguments):
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        place = builder.bitcast(builder.gep(array.data, [arguments[1]]), ir.IntType(32).as_pointer())
        return builder.zext(builder.load(place, align=1), ir.IntType(64))

    return types.int64(data, types.int64), load


@intrinsic
def _trailing_zeros(typing_context, word):
    def count(context, builder, signature, arguments):
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.uint64(types.uint64), count


@intrinsic
def _ones(typing_context, word):
    def count(context, builder, signature, arguments):
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), count


# What stands at a byte of ``data``, aligned or not: a little-endian double, an unsigned 32-bit number.
float_at = cast(Callable[[Bytes, int], float], _float_at)
word_at = cast(Callable[[Bytes, int], int], _word_at)
# How many zeros a 64-bit word that is not zero ends in.
trailing_zeros = cast(Callable[[Any], Any], _trailing_zeros)
# How many ones a 64-bit word has.
ones = cast(Callable[[Any], Any], _ones)
