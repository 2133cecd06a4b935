import unittest

from .support import Client


class PickupTest(unittest.TestCase):
    def setUp(self) -> None:
        self.client = Client()

    def test_code_leads_to_parcel_and_shelf(self) -> None:
        self.assertEqual(self.client.call("GET", "/pickups/K7QD4MZ2"), (200, {"parcel": 1, "shelf": "A2"}))
        self.assertEqual(self.client.call("GET", "/pickups/b3xn 9tta")[1]["parcel"], 2)

    def test_unknown_code_is_refused(self) -> None:
        self.assertEqual(self.client.call("GET", "/pickups/NOSUCHCODE")[0], 404)

    def test_parcel_is_handed_out_once(self) -> None:
        status, receipt = self.client.call("POST", "/pickups/K7QD4MZ2/collect", body={"signed_by": "B. O'Neil"})
        self.assertEqual((status, receipt["signed_by"]), (200, "B. O'Neil"))
        again, _ = self.client.call("POST", "/pickups/K7QD4MZ2/collect", body={"signed_by": "B. O'Neil"})
        self.assertEqual(again, 409)

    def test_doors_that_do_not_exist_stay_shut(self) -> None:
        self.assertEqual(self.client.call("POST", "/doors/49/open")[0], 404)
        self.assertEqual(self.client.call("POST", "/doors/x/open")[0], 404)
