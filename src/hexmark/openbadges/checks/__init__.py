"""The single checks of verification, one module an axis. Each answers with `report.Check`s and never raises over a document.

`verify` puts them in order. What they need from outside arrives as `Sources`.
"""
