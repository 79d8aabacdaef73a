"""Pages are written by templates that lie beside the code that fills them in."""

from jinja2 import Environment, PackageLoader, StrictUndefined


def environment(package: str) -> Environment:
    """Of the templates in a package: everything is escaped, and a name that is missing is an error."""
    return Environment(
        loader=PackageLoader(package, package_path="."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
