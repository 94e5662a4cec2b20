"""Stores to raw bytes, aligned or not."""

# pyright: reportMissingTypeStubs=false, reportUnknownVariableType=false, reportUnknownMemberType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false, reportMissingParameterType=false
# pyright: reportUntypedFunctionDecorator=false, reportUnusedFunction=false, reportMissingImports=false
# ruff: noqa: ARG001

from collections.abc import Callable
from typing import cast

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from landproof.land.kernel.compiled import Bytes, address


def _stored(context, builder, signature, arguments, kind):
    value = arguments[2]
    place = address(context, builder, signature, arguments, kind)
    builder.store(builder.trunc(value, kind) if isinstance(kind, ir.IntType) else value, place, align=1)
    return context.get_dummy_value()


@intrinsic
def _put_float(typing_context, data, at, value):
    def store(context, builder, signature, arguments):
        return _stored(context, builder, signature, arguments, ir.DoubleType())

    return types.void(data, types.int64, types.float64), store


@intrinsic
def _put_word(typing_context, data, at, value):
    def store(context, builder, signature, arguments):
        return _stored(context, builder, signature, arguments, ir.IntType(32))

    return types.void(data, types.int64, types.int64), store


@intrinsic
def _product(typing_context, a, b):
    """The high and the low 64 bits of a product of two 64-bit numbers without sign."""

    def multiply(context, builder, signature, arguments):
        wide = ir.IntType(128)
        both = builder.mul(builder.zext(arguments[0], wide), builder.zext(arguments[1], wide))
        high = builder.trunc(builder.lshr(both, ir.Constant(wide, 64)), ir.IntType(64))
        return context.make_tuple(builder, signature.return_type, [high, builder.trunc(both, ir.IntType(64))])

    return types.UniTuple(types.uint64, 2)(types.uint64, types.uint64), multiply


@intrinsic
def _leading_zeros(typing_context, word):
    def count(context, builder, signature, arguments):
        return builder.ctlz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.uint64(types.uint64), count


@intrinsic
def _double_of(typing_context, word):
    def cast_(context, builder, signature, arguments):
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(types.uint64), cast_


# Write a little-endian double, an unsigned 32-bit number, at a byte of ``data``.
put_float = cast(Callable[[Bytes, int, float], None], _put_float)
put_word = cast(Callable[[Bytes, int, int], None], _put_word)
# 64-bit numbers without sign: the product in two halves, the zeros in front, the double with these bits.
product = cast(Callable[[int, int], tuple[int, int]], _product)
leading_zeros = cast(Callable[[int], int], _leading_zeros)
double_of = cast(Callable[[int], float], _double_of)
