"""The page that lies in the folder of the demonstration, in both languages."""

README = """# Green Ear Foods / 绿穗食品: a demonstration

**Invented for a demonstration: no such company, farm, supplier or document exists. Never use it as evidence.**
**虚构演示：公司、农场、供应商和文件均不存在，请勿用作证据。**

## What is here

A food company hands in what landproof asks for: purchases of a year (1 July 2025 to 30 June 2026), products and
recipes, suppliers, lots and deliveries over several tiers, plots, documents, and an invented landscape as rasters.

- `files.json` lists the files in the order of import, and the table that each sheet is for.
- `documents/` holds the documents that the tables name, with pages.
- `layers.toml` describes the rasters: forest and natural land on 31 December 2020, change seen by two
  families, land use, and peat.
- `truth.json` lists the faults that were planted, and what must be found because of each.
- `with-errors/` holds a purchase file with bad rows, to see how they are refused. It is not part of the case.

Everything that is not listed in `truth.json` is meant to be complete and clean.

## 这里有什么

一家食品公司提交 landproof 需要的全部资料：一年的采购（2025 年 7 月 1 日至 2026 年 6 月 30 日）、产品与配方、
供应商、多级批次与交付、地块、文件，以及以栅格表示的虚构景观。

- `files.json`：按导入顺序列出文件，以及每个工作表对应的数据表。
- `documents/`：各表引用的文件（含页码）。
- `layers.toml`：栅格说明，包括 2020 年 12 月 31 日的森林和自然土地、两类独立来源看到的变化、
  土地用途和泥炭。
- `truth.json`：预先埋入的问题，以及每个问题应得到的结论。
- `with-errors/`：含错误行的采购文件，用来查看错误行如何被拒收，不属于本案例。

凡未列入 `truth.json` 的内容都应完整、无误。
"""
