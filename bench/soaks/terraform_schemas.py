"""The Terraform files beside the providers' schemas."""

SUMMARY = "Terraform files: every block and attribute is one of the providers' schemas, none that is required is missing"


def soak(setup):
    return setup.test("deploy", "TerraformSchemasSoak", 30)
