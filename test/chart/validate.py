"""Holds the objects on standard input against the schemas of Kubernetes' versions; prints what does not fit as JSON."""

import json
import sys

import kubernetes_validate


def main():
    asked = json.load(sys.stdin)
    wrong = []
    for version in asked["versions"]:
        for item in asked["objects"]:
            name = f"{item['kind']} {item['metadata']['name']}"
            try:
                # Strict: fields that the schema does not have are errors, too.
                kubernetes_validate.validate(item, version, strict=True)
            except kubernetes_validate.ValidationError as error:
                path = ".".join(str(part) for part in error.path)
                wrong.append(f"{version} {name} {path}: {error.message[:200]}")
            except kubernetes_validate.SchemaNotFoundError:
                wrong.append(f"{version} {name}: no such kind")
    json.dump(wrong, sys.stdout)


main()
