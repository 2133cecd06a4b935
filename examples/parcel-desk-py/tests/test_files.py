import unittest

from desk.printing.spooler import job_name
from desk.services.labels import label_file

from .support import Client


class LabelTest(unittest.TestCase):
    def setUp(self) -> None:
        self.client = Client()

    def test_label_is_downloaded(self) -> None:
        status, text = self.client.call("GET", "/labels/PD-1001")
        self.assertEqual((status, text.splitlines()[:2]), (200, ["PD-1001", "Ada Brook"]))

    def test_missing_label_is_not_there(self) -> None:
        self.assertEqual(self.client.call("GET", "/labels/PD-9999")[0], 404)

    def test_only_known_labels_are_printed(self) -> None:
        self.assertEqual(self.client.call("POST", "/labels/PD-9999/print")[0], 404)
        self.assertEqual(self.client.call("POST", "/labels/PD-1001/print", body={"copies": 11})[0], 422)

    def test_label_file_lies_in_its_folder(self) -> None:
        desk = self.client.desk
        self.assertEqual(label_file(desk.db, desk.label_folder, "PD-1002"), desk.label_folder / "PD-1002.txt")

    def test_job_is_read_from_the_spooler(self) -> None:
        self.assertEqual(job_name("request id is counter-17 (1 file(s))\n"), "counter-17")
        self.assertEqual(job_name(""), "unknown")


class ReceiptTest(unittest.TestCase):
    def test_receipts_come_from_their_folder_only(self) -> None:
        client = Client()
        self.assertIn("signed by I. Calder", client.call("GET", "/receipts/2026-0301.txt")[1])
        for name in ["..%2Fseed.json", "%2Fetc%2Fhostname", "."]:
            self.assertEqual(client.call("GET", f"/receipts/{name}")[0], 404)
