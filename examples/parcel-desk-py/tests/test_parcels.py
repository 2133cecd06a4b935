import unittest

from .support import Client


class ParcelTest(unittest.TestCase):
    def setUp(self) -> None:
        self.client = Client()

    def test_list_holds_what_waits(self) -> None:
        status, rows = self.client.call("GET", "/parcels")
        self.assertEqual(status, 200)
        self.assertEqual([row["id"] for row in rows], [1, 2])

    def test_list_is_sorted_as_asked(self) -> None:
        _, rows = self.client.call("GET", "/parcels", "sort=weight&order=desc&limit=1")
        self.assertEqual([row["weight_grams"] for row in rows], [1200])

    def test_list_is_sorted_by_known_columns_only(self) -> None:
        self.assertEqual(self.client.call("GET", "/parcels", "sort=shelf")[0], 422)
        self.assertEqual(self.client.call("GET", "/parcels", "limit=all")[0], 422)

    def test_search_finds_parts_of_names(self) -> None:
        _, rows = self.client.call("GET", "/parcels/search", "recipient=brook")
        self.assertEqual([(row["id"], row["waiting"]) for row in rows], [(2, True), (1, True)])

    def test_search_needs_two_letters(self) -> None:
        self.assertEqual(self.client.call("GET", "/parcels/search", "recipient=a")[0], 422)

    def test_parcel_is_shown(self) -> None:
        self.assertEqual(self.client.call("GET", "/parcels/2")[1]["recipient"], "Tom Brookes")
        self.assertEqual(self.client.call("GET", "/parcels/99")[0], 404)
        self.assertEqual(self.client.call("GET", "/parcels/1 OR 1 = 1")[0], 404)

    def test_parcel_is_checked_in_and_found(self) -> None:
        body = {"recipient": "Shea O'Hara", "carrier": "swift", "weight_grams": 640}
        status, parcel = self.client.call("POST", "/parcels", body=body)
        self.assertEqual((status, parcel["arrived_at"]), (201, "2026-03-04T10:00:00+00:00"))
        _, rows = self.client.call("GET", "/parcels/search", "recipient=Hara")
        self.assertEqual(rows[0]["recipient"], "Shea O'Hara")

    def test_stranger_carrier_is_refused(self) -> None:
        body = {"recipient": "Ada Brook", "carrier": "swift' OR '1' = '1", "weight_grams": 640}
        self.assertEqual(self.client.call("POST", "/parcels", body=body)[0], 422)
