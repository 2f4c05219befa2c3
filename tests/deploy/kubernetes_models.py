"""Whether an object is one that Kubernetes' API takes: its keys and the types of its values, by the models of Debian's
python3-kubernetes, which are made of the API's own description. They are of Kubernetes 1.22; what came later and is used here
is named below.
"""

import re

import kubernetes.client

# Of the model, by the manifest's key: since 1.28, and on by default since 1.29.
LATER = {"V1JobSpec": {"backoffLimitPerIndex": "int"}}

SCALARS = {"str": str, "int": int, "bool": bool, "object": dict}


def problems(value, type_name, path=""):
    """What is wrong, a text each; none of a good object."""
    listed = re.fullmatch(r"list\[(.+)\]", type_name)
    mapped = re.fullmatch(r"dict\(str, (.+)\)", type_name)
    if listed:
        if not isinstance(value, list):
            yield f"{path}: a list is expected"
            return
        for index, element in enumerate(value):
            yield from problems(element, listed.group(1), f"{path}[{index}]")
    elif mapped:
        if not isinstance(value, dict):
            yield f"{path}: an object is expected"
            return
        for key, element in value.items():
            yield from problems(element, mapped.group(1), f"{path}.{key}")
    elif type_name in SCALARS:
        if not isinstance(value, SCALARS[type_name]) or (type_name == "int" and isinstance(value, bool)):
            yield f"{path}: {type_name} is expected, and this is {value!r}"
    else:
        yield from model_problems(value, type_name, path)


def model_problems(value, type_name, path):
    if not isinstance(value, dict):
        yield f"{path}: an object is expected"
        return
    model = getattr(kubernetes.client, type_name)
    types = {key: model.openapi_types[name] for name, key in model.attribute_map.items()} | LATER.get(type_name, {})
    for key, element in value.items():
        if key in types:
            yield from problems(element, types[key], f"{path}.{key}")
        else:
            yield f"{path}.{key}: {type_name} has no such key"
    names = {key: name for name, key in model.attribute_map.items()}
    given = {names[key]: element for key, element in value.items() if key in names}
    try:
        model(**given)  # Its setters know what is required, and the words of a choice.
    except ValueError as error:
        yield f"{path}: {error}"


def manifest_problems(manifest):
    """Of a whole manifest, whose kind says its model."""
    version, kind = manifest["apiVersion"], manifest["kind"]
    expected = {"Job": "batch/v1", "PersistentVolumeClaim": "v1", "ConfigMap": "v1"}
    if expected.get(kind) != version:
        return [f"{kind} of {version} is none that is known here"]
    return list(problems(manifest, f"V1{kind}", kind))
