"""GeoPackage, zipped Shapefile and GeoParquet. Their coordinates are binary, so decimals are not known."""

import codecs
import json
import struct
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Final, cast

import numpy as np
import pyarrow.parquet as pq  # pyright: ignore[reportMissingTypeStubs]
import pyogrio  # pyright: ignore[reportMissingTypeStubs]
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from landproof.domain.errors import UnreadableInput
from landproof.domain.messages import text
from landproof.intake.geometry import Fault, Feature, Remark
from landproof.intake.limits import LIMITS, check_size, check_zip

_pyogrio = cast(Any, pyogrio)
_pq = cast(Any, pq)
_shapely = cast(Any, shapely)
_SHAPEFILE: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_CHINESE_DRIVERS: Final = (0x4D, 0x7A)  # language drivers of code page 936 in a .dbf header
_PLOTS_ARE_IN: Final = CRS.from_epsg(4326)
_GEO: Final = b"geo"
_ROWS: Final = 50_000  # of a GeoParquet file at a time
_BUFFER: Final = 1 << 20  # bytes


def read_geopackage(path: Path) -> list[Feature]:
    """The features of every layer that has geometries. Raises `UnreadableInput`."""
    check_size(path, LIMITS.delimited)
    try:
        layers = [str(name) for name, kind in _pyogrio.list_layers(path) if kind is not None]
        return [feature for layer in sorted(layers) for feature in _read(path, layer, None)]
    except (_pyogrio.errors.DataSourceError, _pyogrio.errors.DataLayerError, _pyogrio.errors.FieldError) as why:
        raise _unreadable(path, why) from None


def read_zipped_shapefile(path: Path) -> list[Feature]:
    """The features of every shapefile in a ZIP archive. Raises `UnreadableInput`.

    Members are unpacked one by one under names of our own, after `check_zip` has refused an archive that
    climbs out of its folder.
    """
    check_zip(path)
    with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
        names = {name.lower(): name for name in archive.namelist()}
        shapes = sorted(name for name in names if name.endswith(".shp"))
        if not shapes:
            raise UnreadableInput(
                text(
                    "%(file)s holds no shapefile (.shp). Unpack it and import the files in it; a shapefile is "
                    "zipped with its .shx, .dbf and .prj."
                ),
                file=path.name,
            )
        features: list[Feature] = []
        for number, shape in enumerate(shapes):
            stem = shape.removesuffix(".shp")
            for ending in _SHAPEFILE:
                if stem + ending in names:
                    Path(folder, f"{number}{ending}").write_bytes(archive.read(names[stem + ending]))
            features += _shapefile(Path(folder, f"{number}.shp"), path, PurePosixPath(stem).name)
        return features


def _shapefile(unpacked: Path, path: Path, name: str) -> list[Feature]:
    if not unpacked.with_suffix(".shx").exists():
        raise UnreadableInput(
            text("%(file)s holds %(shape)s.shp without its .shx. Zip the files that belong together."),
            file=path.name, shape=name,
        )  # fmt: skip
    table = unpacked.with_suffix(".dbf")
    try:
        return _read(unpacked, None, _encoding_of(unpacked) if table.exists() else None)
    except (_pyogrio.errors.DataSourceError, _pyogrio.errors.DataLayerError, _pyogrio.errors.FieldError) as why:
        raise _unreadable(path, why) from None


def _encoding_of(shape: Path) -> str | None:
    """The encoding of the attribute table: what the .cpg says, else UTF-8 if it fits, else GB18030."""
    if shape.with_suffix(".cpg").exists():
        return None  # the reader follows it
    data = shape.with_suffix(".dbf").read_bytes()
    if len(data) > 32 and data[29] in _CHINESE_DRIVERS:
        return "GB18030"
    start = struct.unpack_from("<H", data, 8)[0] if len(data) > 32 else 0
    for encoding in ("utf-8", "gb18030"):
        try:
            codecs.decode(data[start:], encoding)
        except UnicodeDecodeError:
            continue
        return encoding.upper()
    return "ISO-8859-1"


def _read(path: Path, layer: str | None, encoding: str | None) -> list[Feature]:
    about, _, shapes, columns = _pyogrio.raw.read(path, layer=layer, encoding=encoding)
    names = [str(name) for name in about["fields"]]
    listed: list[list[Any]] = [column.tolist() for column in columns]
    properties = [_properties(names, [column[row] for column in listed]) for row in range(len(shapes))]
    crs = about.get("crs")
    return _features(list(shapes), properties, CRS(crs) if crs else None, layer or "")


def read_geoparquet(path: Path) -> list[Feature]:
    """The rows of a GeoParquet file with WKB geometries. Raises `UnreadableInput`."""
    check_size(path, LIMITS.delimited)
    return [feature for batch in geoparquet_batches(path, _ROWS) for feature in batch]


def geoparquet_batches(path: Path, rows: int) -> Iterator[list[Feature]]:
    """The same, up to ``rows`` rows at a time, of a file of any size. Raises `UnreadableInput`."""
    try:
        file = _pq.ParquetFile(path, pre_buffer=False, buffer_size=_BUFFER)
        about = _about(file.schema_arrow.metadata or {})
        names = [str(name) for name in file.schema_arrow.names]
        column = str(about.get("primary_column", ""))
        described: dict[str, Any] = about.get("columns", {}).get(column, {})
        if not column or column not in names or str(described.get("encoding", "")).upper() != "WKB":
            raise UnreadableInput(
                text(
                    "%(file)s has no geometries that GeoParquet describes as WKB. Export it as GeoParquet 1.0 or "
                    "1.1."
                ),
                file=path.name,
            )
        # Absent: longitude and latitude (OGC:CRS84); null: unknown.
        system = described.get("crs", "OGC:CRS84")
        crs = CRS(json.dumps(system) if isinstance(system, dict) else str(system)) if system is not None else None
        others = [name for name in names if name != column]
        first = 1
        for batch in file.iter_batches(batch_size=rows, use_threads=False):
            listed: list[dict[str, Any]] = (
                batch.select(others).to_pylist() if others else [{} for _ in range(batch.num_rows)]
            )
            properties = [_properties(others, [row[name] for name in others]) for row in listed]
            yield _features(batch.column(column).to_pylist(), properties, crs, "", first)
            first += batch.num_rows
    except (OSError, ValueError) as why:
        raise _unreadable(path, why) from None


def _about(kept: Mapping[bytes, bytes]) -> dict[str, Any]:
    about: Any = json.loads(kept.get(_GEO, b"{}"))
    return cast(dict[str, Any], about) if isinstance(about, dict) else {}


def _features(
    shapes: Sequence[bytes | None],
    properties: Sequence[Mapping[str, str]],
    crs: CRS | None,
    sheet: str,
    first: int = 1,
) -> list[Feature]:
    convert = _to_degrees(crs)
    system = "" if crs is None else str(crs.to_string() if crs.to_authority() else crs.name)
    features: list[Feature] = []
    for row, (written, values) in enumerate(zip(shapes, properties, strict=True), start=first):
        shape = _shape(written)
        remarks: tuple[Remark, ...] = ()
        if isinstance(shape, shapely.Geometry):
            if convert is not None:
                shape = shapely.transform(shape, convert)
                remarks = (Remark("transformed", system),)
            elif crs is None:
                remarks = (Remark("no-system"),)
        features.append(Feature(row, values, shape, None, sheet, remarks=remarks))
    return features


def _shape(written: bytes | None) -> shapely.Geometry | Fault:
    if not written:
        return Fault("missing")
    try:
        with np.errstate(invalid="ignore"):  # a position that is no number is refused later, in words
            return cast(shapely.Geometry, _shapely.from_wkb(written))
    except shapely.errors.ShapelyError as why:
        return Fault("not-geometry", str(why)[:80])


def _to_degrees(crs: CRS | None) -> Any:
    """A function from positions in ``crs`` to longitude and latitude; null when they are that already."""
    if crs is None or (crs.is_geographic and crs.equals(_PLOTS_ARE_IN, ignore_axis_order=True)):
        return None
    try:
        ways = Transformer.from_crs(crs, _PLOTS_ARE_IN, always_xy=True)
    except ProjError as why:
        raise UnreadableInput(
            text("Coordinates in %(system)s cannot be converted (%(why)s). Export the file as WGS 84."),
            system=crs.name, why=why,
        ) from None  # fmt: skip

    def convert(points: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return np.column_stack(ways.transform(points[:, 0], points[:, 1]))

    return convert


def _properties(names: Sequence[str], values: Sequence[Any]) -> dict[str, str]:
    return {name: _text(value) for name, value in zip(names, values, strict=True) if _said(value)}


def _said(value: Any) -> bool:
    return value is not None and value == value and str(value).strip() != ""


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value).strip()


def _unreadable(path: Path, why: object) -> UnreadableInput:
    return UnreadableInput(
        text("%(file)s cannot be read as plots (%(why)s). Export it again."), file=path.name, why=why
    )
