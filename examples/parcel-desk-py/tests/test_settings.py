import unittest

from .support import Client


class SettingsTest(unittest.TestCase):
    def setUp(self) -> None:
        self.client = Client()

    def test_values_are_typed_as_python_writes_them(self) -> None:
        for key, text, value in [("opening", "[8, 20]", [8, 20]), ("label_size", "'A5'", "A5"), ("shelves", "-1", -1)]:
            self.assertEqual(self.client.call("PUT", f"/settings/{key}", body={"value": text}), (200, {key: value}))
        self.assertEqual(self.client.call("GET", "/settings")[1]["opening"], [8, 20])

    def test_other_values_are_refused(self) -> None:
        for text in ["[8,", "nine", "'nine'"]:
            self.assertEqual(self.client.call("PUT", "/settings/opening", body={"value": text})[0], 422)
        self.assertEqual(self.client.call("PUT", "/settings/colour", body={"value": "1"})[0], 422)

    def test_preview_keeps_nothing(self) -> None:
        _, shown = self.client.call("GET", "/settings", "key=shelves&value=14")
        self.assertEqual(shown["shelves"], 14)
        self.assertEqual(self.client.call("GET", "/settings", "key=shelves&value=len(())")[0], 422)
        self.assertEqual(self.client.call("GET", "/settings")[1]["shelves"], 12)


class ShiftTest(unittest.TestCase):
    def test_shifts_are_planned(self) -> None:
        client = Client()
        client.call("PUT", "/shifts/late", body={"opens": "13:00", "closes": "20:00"})
        _, shifts = client.call("PUT", "/shifts/early", body={"opens": "08:30", "closes": "13:00"})
        self.assertEqual([shift["name"] for shift in shifts], ["early", "late"])
        self.assertEqual(client.call("PUT", "/shifts/x", body={"opens": "25:00", "closes": "26:00"})[0], 422)


class AppTest(unittest.TestCase):
    def test_what_is_not_there(self) -> None:
        self.assertEqual(Client().call("GET", "/nowhere"), (404, {"problem": "there is no such page"}))

    def test_bodies_are_objects(self) -> None:
        self.assertEqual(Client().call("POST", "/parcels", body=[1])[0], 400)
