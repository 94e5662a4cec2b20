"""The Climate Bonds DCF sourcing criteria as code: steps, rules, editions and the judge.

Pure: no file, network, framework, clock or random. Texts, limits, readings and lists are data in
``editions/``, one folder per edition of the criteria.
"""
