"""The checker refuses what it is there to refuse: each rule with a planted violation."""
import pathlib
import sys
import tempfile
import unittest

import check_sources
import include_rules
import text_rules

TABLE = include_rules.Table(pathlib.Path(__file__).with_name("allowed_edges.txt").read_text(encoding="utf-8"))

ALLOWED = [
    ("lib/base/json.h", "nlohmann/json.hpp"),
    ("lib/base/file.cc", "sys/stat.h"),
    ("lib/base/file.cc", "string_view"),
    ("lib/base/error.h", "absl/status/status.h"),
    ("lib/crypto/hash.cc", "openssl/evp.h"),
    ("lib/crypto/aead.cc", "lib/crypto/internal/openssl.h"),
    ("lib/sealing/sealed_field.cc", "lib/sealing/sealed_field_testonly.h"),
    ("lib/sealing/sealed_field_testonly.h", "lib/crypto/hpke_testonly.h"),
    ("tests/lib/sealing/x_test.cc", "lib/sealing/sealed_field_testonly.h"),
    ("tests/lib/crypto/x_test.cc", "lib/crypto/internal/openssl.h"),
    ("broker/exchange/turn.h", "broker/storage/store.h"),
    ("broker/storage/sqlite/store.cc", "sqlite3.h"),
    ("broker/storage/sqlite/store.cc", "broker/storage/records.h"),
    ("broker/rpc/exchanges.cc", "sluis/v1/exchange.grpc.pb.h"),
    ("broker/rpc/errors.cc", "google/rpc/error_details.pb.h"),
    ("broker/sluisd.cc", "broker/rpc/server.h"),
    ("clients/lib/connection.cc", "sluis/v1/exchange.grpc.pb.h"),
    ("policy/engine/loader.cc", "google/protobuf/text_format.h"),
]

REFUSED = [
    ("lib/base/log.cc", "lib/crypto/hash.h"),
    ("lib/crypto/hash.cc", "lib/tlog/merkle.h"),
    ("lib/tlog/leaf.cc", "lib/identity/directory.h"),
    ("lib/tlog/leaf.cc", "openssl/evp.h"),
    ("lib/sealing/subject.cc", "sodium.h"),
    ("lib/sealing/subject.cc", "lib/crypto/internal/openssl.h"),
    ("lib/sealing/subject.cc", "lib/crypto/hpke_testonly.h"),
    ("clients/lib/edge.cc", "lib/sealing/sealed_field_testonly.h"),
    ("policy/engine/scan.cc", "lib/crypto/hash.h"),
    ("policy/engine/scan.cc", "broker/exchange/states.h"),
    ("policy/engine/scan.cc", "sluis/v1/exchange.pb.h"),
    ("broker/exchange/turn.cc", "grpcpp/grpcpp.h"),
    ("broker/exchange/turn.cc", "sluis/v1/exchange.pb.h"),
    ("broker/exchange/turn.cc", "broker/storage/sqlite/store.h"),
    ("broker/exchange/turn.cc", "broker/rpc/errors.h"),
    ("broker/exchange/turn.cc", "openssl/evp.h"),
    ("broker/storage/store.h", "sqlite3.h"),
    ("broker/storage/memory/store.cc", "broker/storage/sqlite/store.h"),
    ("broker/journal/sequencer.cc", "sqlite3.h"),
    ("broker/journal/sequencer.cc", "broker/exchange/turn.h"),
    ("broker/http/tiles.cc", "grpcpp/grpcpp.h"),
    ("broker/sluisd.cc", "grpcpp/grpcpp.h"),
    ("broker/rpc/exchanges.cc", "broker/storage/sqlite/sqlite_store.h"),
    ("clients/cli/main.cc", "grpcpp/grpcpp.h"),
    ("clients/cli/main.cc", "sluis/v1/exchange.grpc.pb.h"),
    ("clients/lib/edge.cc", "broker/exchange/states.h"),
    ("lib/base/log.cc", "tests/support/vectors.h"),
    ("lib/base/log.cc", "boost/beast.hpp"),
    ("lib/base/log.cc", "curl/curl.h"),
    ("lib/base/log.cc", "log.h"),
    ("lib/base/log.cc", "../base/log.h"),
    ("tests/lib/base/x_test.cc", "../support/vectors.h"),
    ("lib/newfolder/x.cc", "string"),
]


class Edges(unittest.TestCase):
    def test_allowed(self):
        for source, header in ALLOWED:
            with self.subTest(source=source, header=header):
                self.assertIsNone(include_rules.violation(TABLE, source, header))

    def test_refused(self):
        for source, header in REFUSED:
            with self.subTest(source=source, header=header):
                self.assertIsNotNone(include_rules.violation(TABLE, source, header))

    def test_every_way_to_write_an_include_is_read(self):
        text = '#include <a>\n  #  include "b.h"\n#include<c.h>\n// #include <no>\n'
        self.assertEqual([(1, "a"), (2, "b.h"), (3, "c.h")], list(include_rules.includes_of(text)))


class Tables(unittest.TestCase):
    def refuses(self, text):
        with self.assertRaises(include_rules.TableError):
            include_rules.Table(text)

    def test_circle(self):
        self.refuses("a: b\nb: c\nc: a\n")

    def test_unknown_name(self):
        self.refuses("a: b\n")

    def test_folder_twice(self):
        self.refuses("a:\na:\n")

    def test_line_without_colon(self):
        self.refuses("a b\n")


class Texts(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def write(self, path, text):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_bytes(text.encode())

    def faults_of(self, text, path="x.cc"):
        self.write(path, text)
        return text_rules.check(self.root, [path])

    def test_length(self):
        self.assertEqual([], self.faults_of("x\n" * 400))
        self.assertEqual(1, len(self.faults_of("x\n" * 401)))
        self.assertEqual([], self.faults_of("x\n" * 401, "x.json"))

    def test_note_to_self(self):
        self.assertEqual(1, len(self.faults_of("// TO" "DO: later\n")))
        self.assertEqual([], self.faults_of("// podiums, TODOS\n"))

    def test_machine_path(self):
        for path in ("/ho" "me/me/x", "/ro" "ot/.cache", "/wo" "rk/x"):
            self.assertEqual(1, len(self.faults_of(f"include({path})\n")), path)
        self.assertEqual([], self.faults_of("see http://x.nl/work/x and build/work/x\n"))

    def test_bytes_that_are_no_text_are_passed_over(self):
        (self.root / "corpus").write_bytes(b"\xff\xfe/ro" b"ot/x")
        self.assertEqual([], text_rules.check(self.root, ["corpus"]))

    def test_whole_run(self):
        self.write("tests/arch/allowed_edges.txt", "external sql: sqlite3.h\nlib/a:\n")
        self.write("lib/a/a.cc", "#include <string>\n")
        self.assertEqual(0, check_sources.main(self.root))
        self.write("lib/a/a.cc", "#include <sqlite3.h>\n")
        self.assertEqual(1, check_sources.main(self.root))

    def test_the_own_header_comes_first(self):
        self.write("tests/arch/allowed_edges.txt", "lib/a:\n")
        self.write("lib/a/a.h", "#include <string>\n")
        self.write("lib/a/a.cc", '#include "lib/a/a.h"\n#include <string>\n')
        self.assertEqual(0, check_sources.main(self.root))
        self.write("lib/a/a.cc", '#include <string>\n#include "lib/a/a.h"\n')
        self.assertEqual(1, check_sources.main(self.root))
        self.write("lib/a/a.cc", "int x;\n")
        self.assertEqual(1, check_sources.main(self.root))

    def test_a_folder_without_sources_is_not_a_pass(self):
        self.assertEqual(2, check_sources.main(self.root))


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    unittest.main()
