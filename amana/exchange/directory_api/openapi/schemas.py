"""What each answer holds: HSDS 3.1 as this directory fills it in, in our words."""

type Schema = dict[str, object]

TEXT: Schema = {"type": "string"}
ID: Schema = {"type": "string", "format": "uuid"}
COUNT: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
ADDRESS: Schema = {"type": "string", "format": "uri"}
NUMBER: Schema = {"type": "number"}


def refer(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def describe_list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def describe(what: str, required: str, **properties: Schema) -> Schema:
    """Describe an object; `required` are names with a space between."""
    return {
        "type": "object",
        "description": what,
        "required": required.split(),
        "properties": properties,
    }


SERVICE_FIELDS: dict[str, Schema] = {
    "id": ID,
    "name": TEXT,
    "status": {
        "enum": ["active", "temporarily closed", "defunct", "inactive"],
        "description": "defunct: no longer listed. Delete what you hold of it.",
    },
    "last_modified": MOMENT
    | {
        "description": "When what is given here changed; of a service whose address "
        "is secret the day alone."
    },
    "description": TEXT,
    "eligibility_description": TEXT,
    "minimum_age": NUMBER,
    "maximum_age": NUMBER,
    "fees_description": TEXT,
    "assured_date": {"type": "string", "format": "date"},
    "url": ADDRESS,
    "organization": refer("Organization"),
    "organization_id": ID,
    "languages": describe_list(refer("Language")),
    "schedules": describe_list(refer("Schedule")),
    "service_areas": describe_list(refer("ServiceArea")),
    "service_at_locations": describe_list(refer("NestedPlace")),
    "capacities": describe_list(refer("Capacity")),
    "required_documents": describe_list(refer("RequiredDocument")),
    "attributes": describe_list(refer("Attribute")),
}

SCHEMAS: dict[str, Schema] = {
    "Service": describe(
        "A service, with everything nested in it.",
        "id name status last_modified",
        **SERVICE_FIELDS,
    ),
    "ListedService": describe(
        "An entry of a list: the fields that occur once; with full, everything; with "
        "minimal, id, status and last_modified.",
        "id status last_modified",
        **SERVICE_FIELDS,
    ),
    "Organization": describe(
        "An organisation that offers services.",
        "id name description",
        id=ID,
        name=TEXT,
        description=TEXT,
        website=ADDRESS,
        locations=describe_list(refer("Location")),
        services=describe_list(refer("ListedService")),
    ),
    "Location": describe(
        "Where a service is; none is given of one whose address is secret.",
        "id location_type",
        id=ID,
        location_type={"enum": ["physical", "postal", "virtual"]},
        name=TEXT,
        latitude=NUMBER,
        longitude=NUMBER,
    ),
    "NestedPlace": describe(
        "A place of a service, inside the service.",
        "id location",
        id=ID,
        location=refer("Location"),
    ),
    "Place": describe(
        "A place of a service, with the service in it.",
        "id service_id location_id location service",
        id=ID,
        service_id=ID,
        location_id=ID,
        location=refer("Location"),
        service=refer("ListedService"),
    ),
    "Language": describe("A language.", "id", id=ID, code=TEXT, name=TEXT),
    "Schedule": describe(
        "Opening hours of one day in each week, in local time.",
        "id",
        id=ID,
        freq={"const": "WEEKLY"},
        byday=TEXT,
        opens_at=TEXT,
        closes_at=TEXT,
    ),
    "ServiceArea": describe(
        "The area of a service, by its p-code; of one whose address is secret, the "
        "region.",
        "id name",
        id=ID,
        name=TEXT,
        description=TEXT,
    ),
    "Capacity": describe(
        "Places free; only with a key.",
        "id available updated unit",
        id=ID,
        available=COUNT,
        maximum=COUNT,
        updated=MOMENT,
        unit=describe("What a place is.", "id name", id=ID, name=TEXT),
    ),
    "RequiredDocument": describe(
        "A document that is asked for.", "id document", id=ID, document=TEXT
    ),
    "Attribute": describe(
        "A code of our vocabulary that the service carries.",
        "id value taxonomy_term",
        id=ID,
        link_id=ID,
        link_entity=TEXT,
        value=TEXT,
        taxonomy_term_id=ID,
        taxonomy_term=refer("TaxonomyTerm"),
    ),
    "Taxonomy": describe(
        "A vocabulary.",
        "id name description",
        id=ID,
        name=TEXT,
        description=TEXT,
        version=TEXT,
    ),
    "TaxonomyTerm": describe(
        "A code of a vocabulary.",
        "id code name description taxonomy",
        id=ID,
        code=TEXT,
        name=TEXT,
        description=TEXT,
        parent_id=ID,
        taxonomy=TEXT,
        taxonomy_id=ID,
        taxonomy_detail=refer("Taxonomy"),
        language=TEXT,
    ),
    "About": describe(
        "Which API this is.",
        "version profile openapi_url",
        version=TEXT,
        profile=ADDRESS,
        openapi_url=ADDRESS,
    ),
    "Problem": describe(
        "Why there is no answer, in a sentence (RFC 9457).",
        "type title status detail",
        type=TEXT,
        title=TEXT,
        status={"type": "integer"},
        detail=TEXT,
        parameter=TEXT,
    ),
    "FeatureCollection": describe(
        "The services as features of a map (RFC 7946).",
        "type features",
        type={"const": "FeatureCollection"},
        features=describe_list(refer("Feature")),
    ),
    "Feature": describe(
        "A service; without a geometry where its place is not given.",
        "type id geometry properties",
        type={"const": "Feature"},
        id=ID,
        geometry={"type": ["object", "null"]},
        properties={"type": "object", "required": ["name", "status"]},
    ),
}


def describe_page(items: Schema) -> Schema:
    """Describe the envelope of HSDS around a page."""
    return describe(
        "One page.",
        "total_items total_pages page_number size first_page last_page empty contents",
        total_items=COUNT,
        total_pages=COUNT,
        page_number=COUNT | {"minimum": 1},
        size=COUNT,
        first_page=FLAG,
        last_page=FLAG,
        empty=FLAG,
        contents=describe_list(items),
    )
