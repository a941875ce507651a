from tests.handlers.http.http_bench import World


def test_the_apis_page_describes_what_a_pipeline_sends(world: World) -> None:
    page = world.client.get("/openapi.json").json()
    assert page["info"]["title"] == "Answerable"
    assert "problem document" in page["info"]["description"]
    one, many = page["paths"]["/v1/outputs"]["post"]["requestBody"]["content"]["application/json"][
        "schema"
    ]["oneOf"]
    assert one["required"] == ["workflow", "output_id", "produced_at"]
    assert one["properties"]["confidence"]["type"] == "number"
    assert many["maxItems"] == 1_000
    assert {"HTTPBearer", "APIKeyHeader"} == set(page["components"]["securitySchemes"])


def test_no_page_is_served_that_would_be_fetched_from_elsewhere(world: World) -> None:
    assert world.client.get("/docs").status_code == 404
    assert world.client.get("/redoc").status_code == 404
