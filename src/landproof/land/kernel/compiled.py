"""Loads from raw bytes, and counts of bits, as single instructions."""

# pyright: reportMissingTypeStubs=false, reportUnknownVariableType=false, reportUnknownMemberType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false, reportMissingParameterType=false
# pyright: reportUntypedFunctionDecorator=false, reportUnusedFunction=false
# ruff: noqa: ARG001 - numba calls these with all it has

from collections.abc import Callable
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

Bytes = npt.NDArray[np.uint8]


def address(context, builder, signature, arguments, kind):
    """Where element ``arguments[1]`` of the array ``arguments[0]`` stands, as a place of a ``kind``."""
    array = context.make_array(signature.args[0])(context, builder, arguments[0])
    return builder.bitcast(builder.gep(array.data, [arguments[1]]), kind.as_pointer())


@intrinsic
def _float_at(typing_context, data, at):
    def load(context, builder, signature, arguments):
        return builder.load(address(context, builder, signature, arguments, ir.DoubleType()), align=1)

    return types.float64(data, types.int64), load


@intrinsic
def _word_at(typing_context, data, at):
    def load(context, builder, signature, arguments):
        place = address(context, builder, signature, arguments, ir.IntType(32))
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


_VECTOR = 64  # cells of a word of a bit plane


def _splat(builder, value, kind):
    one = builder.insert_element(ir.Constant(ir.VectorType(kind, _VECTOR), ir.Undefined), value, ir.IntType(32)(0))
    zeros = ir.Constant(ir.VectorType(ir.IntType(32), _VECTOR), [0] * _VECTOR)
    return builder.shuffle_vector(one, one, zeros)


def _vector_at(context, builder, array_type, array, at):
    kind = context.get_data_type(array_type.dtype)
    data = context.make_array(array_type)(context, builder, array).data
    place = builder.bitcast(builder.gep(data, [at]), ir.VectorType(kind, _VECTOR).as_pointer())
    return kind, builder.load(place, align=1)


@intrinsic
def _bits_of(typing_context, data, bit):
    def gather(context, builder, signature, arguments):
        kind, vector = _vector_at(context, builder, signature.args[0], arguments[0], ir.IntType(64)(0))
        mask = builder.shl(kind(1), builder.trunc(arguments[1], kind))
        found = builder.and_(vector, _splat(builder, mask, kind))
        ones = builder.icmp_unsigned("!=", found, ir.Constant(found.type, [0] * _VECTOR))
        return builder.bitcast(ones, ir.IntType(64))

    return types.uint64(data, types.int64), gather


@intrinsic
def _all_same(typing_context, data, at):
    def compare(context, builder, signature, arguments):
        kind, vector = _vector_at(context, builder, signature.args[0], arguments[0], arguments[1])
        first = _splat(builder, builder.extract_element(vector, ir.IntType(32)(0)), kind)
        differ = builder.bitcast(builder.icmp_unsigned("!=", vector, first), ir.IntType(64))
        return builder.icmp_unsigned("==", differ, ir.IntType(64)(0))

    return types.boolean(data, types.int64), compare


# What stands at a byte of ``data``, aligned or not: a little-endian double, an unsigned 32-bit number.
float_at = cast(Callable[[Bytes, int], float], _float_at)
word_at = cast(Callable[[Bytes, int], int], _word_at)
# How many zeros a 64-bit word that is not zero ends in.
trailing_zeros = cast(Callable[[Any], Any], _trailing_zeros)
# Bit ``bit`` of each of the 64 bytes of ``data``, the first in the lowest bit.
bits_of = cast(Callable[[Bytes, int], Any], _bits_of)
# Whether 64 values from number ``at`` of ``data`` on, which must be contiguous, are the same.
all_same = cast(Callable[[Any, int], bool], _all_same)
# How many ones a 64-bit word has.
ones = cast(Callable[[Any], Any], _ones)
