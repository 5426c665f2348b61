"""Tables whose newest export is older than a month on the report's date."""


def test_thirty_one_days_are_not_yet_old(world):
    world.given("clients", "client_name\nА", "2026-03-01")
    world.given("staff", "name\nИ", "2026-03-02")
    (row,) = world.rows("checks.old_tables", as_of="2026-04-02")
    assert (row["table_name"], row["age_days"], row["file"]) == ("clients", 32, "clients-1.csv")
    assert world.rows("checks.old_tables", as_of="2026-04-01") == []
    assert len(world.rows("checks.old_tables", as_of="2026-04-01", norms={"table_age_days": "30"})) == 1


def test_the_newest_export_decides(world):
    world.given("clients", "client_name\nА", "2026-01-01")
    world.given("clients", "client_name\nА", "2026-03-01")
    assert world.rows("checks.old_tables", as_of="2026-03-31") == []
