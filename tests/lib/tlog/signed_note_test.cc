#include "lib/tlog/signed_note.h"

#include <gtest/gtest.h>

#include "lib/base/encoding.h"
#include "tests/lib/tlog/memory_log.h"
#include "tests/support/status_matchers.h"
#include "tests/support/vectors.h"

namespace sluis::tlog {
namespace {

using testing::HasReason;
using testing::LoadVectors;

std::vector<VerifierKey> Keys(const Json& vkeys) {
  std::vector<VerifierKey> keys;
  for (const Json& vkey : vkeys)
    keys.push_back(VerifierKey::Parse(vkey.get<std::string>()).value());
  return keys;
}

std::string NoteOf(const Json& c) {
  return c.contains("note_hex") ? testing::Unhex(c.at("note_hex"))
                                : c.at("note").get<std::string>();
}

TEST(SignedNoteTest, NotesOfTheVectorsVerify) {
  for (const auto& file : LoadVectors("signed-notes")) {
    ASSERT_FALSE(file.content.at("positive").empty());
    for (const Json& c : file.content.at("positive")) {
      const std::vector<VerifierKey> keys = Keys(c.at("vkeys"));
      const std::string text = NoteOf(c);
      ASSERT_OK_AND_ASSIGN(const VerifiedNote note, VerifyNote(text, keys));
      EXPECT_EQ(note.signatures.size(), keys.size()) << c.at("id");
      EXPECT_TRUE(text.starts_with(note.text + "\n\u2014 ")) << c.at("id");
    }
  }
}

TEST(SignedNoteTest, NotesOfTheVectorsAreRefusedForTheirReason) {
  for (const auto& file : LoadVectors("signed-notes")) {
    for (const char* list : {"malformed", "refused"}) {
      ASSERT_FALSE(file.content.at(list).empty());
      for (const Json& c : file.content.at(list)) {
        EXPECT_THAT(VerifyNote(NoteOf(c), Keys(c.at("vkeys"))),
                    HasReason(c.at("expect").get<std::string>()))
            << c.at("id");
      }
    }
  }
}

TEST(SignedNoteTest, VerifierKeysOfTheVectors) {
  for (const auto& file : LoadVectors("signed-notes")) {
    for (const Json& c : file.content.at("positive")) {
      for (const Json& vkey : c.at("vkeys")) {
        ASSERT_OK_AND_ASSIGN(const VerifierKey key, VerifierKey::Parse(vkey.get<std::string>()));
        EXPECT_EQ(key.Format(), vkey.get<std::string>());
      }
    }
    for (const Json& vkey : file.content.at("refused_vkeys")) {
      EXPECT_THAT(VerifierKey::Parse(vkey.get<std::string>()), HasReason("E_VKEY")) << vkey;
    }
  }
}

// `PRIVATE+KEY+name+id+base64(type || seed)`, as other tools of the format write it.
Ed25519PrivateKey KeyOfSkey(const std::string& skey) {
  const Bytes raw = Base64Decode(skey.substr(skey.rfind('+', skey.find("+A") + 1) + 1)).value();
  return Ed25519PrivateKey::FromSeed(SecretBytes::CopyOf(BytesView(raw).substr(1))).value();
}

TEST(SignedNoteTest, SignsByteForByteAsTheVectors) {
  for (const auto& file : LoadVectors("signed-notes")) {
    const auto positive = file.content.at("positive");
    const auto peter = std::find_if(positive.begin(), positive.end(),
                                    [](const Json& c) { return c.at("id") == "peter"; });
    if (peter == positive.end()) continue;
    const std::string note = NoteOf(*peter);
    const Ed25519PrivateKey key = KeyOfSkey(file.content.at("skey").get<std::string>());
    EXPECT_EQ(SignNote(ParseNote(note)->text, "PeterNeumann", key).value(), note);
  }
}

class OwnNoteTest : public ::testing::Test {
 protected:
  Ed25519PrivateKey key_ = testing::TestKey(0);
  Ed25519PrivateKey other_ = testing::TestKey(0x60);
  std::vector<VerifierKey> keys_{
      VerifierKey::Create("a.example", KeyType::kEd25519, key_.public_key()).value()};
  std::string note_ = SignNote("text\n", "a.example", key_).value();
};

TEST_F(OwnNoteTest, EveryChangedBitIsFound) {
  ASSERT_OK(VerifyNote(note_, keys_));
  for (std::size_t bit = 0; bit < note_.size() * 8; ++bit) {
    std::string altered = note_;
    altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(VerifyNote(altered, keys_).ok()) << bit;
  }
}

TEST_F(OwnNoteTest, LinesOfOtherTypesAreSkipped) {
  // A post-quantum line is long; its key id belongs to no key that we can hold.
  const Bytes payload = Bytes("\x12\x34\x56\x78", 4) + Bytes(2420 + 8, 'q');
  const std::string line = "\u2014 a.example " + Base64Encode(payload) + "\n";
  ASSERT_OK_AND_ASSIGN(const VerifiedNote note, VerifyNote(note_ + line, keys_));
  EXPECT_EQ(note.signatures.size(), 1U);
}

TEST_F(OwnNoteTest, AWrongSecondLineOfAKnownKeyRejects) {
  const std::string wrong = SignNoteLine("other text\n", "a.example", key_).value();
  EXPECT_THAT(VerifyNote(note_ + wrong, keys_), HasReason("E_SIGNATURE"));
  EXPECT_OK(VerifyNote(note_ + SignNoteLine("other text\n", "b.example", other_).value(), keys_));
}

TEST_F(OwnNoteTest, LimitsOfLinesTextAndNote) {
  const std::string unknown = SignNoteLine("text\n", "b.example", other_).value();
  std::string note = note_;
  for (std::size_t i = 1; i < kMaxSignatureLines; ++i) note += unknown;
  EXPECT_OK(VerifyNote(note, keys_));
  EXPECT_THAT(VerifyNote(note + unknown, keys_), HasReason("E_MALFORMED"));
  const std::string longest = std::string(kMaxNoteTextSize - 1, 'x') + "\n";
  EXPECT_OK(SignNote(longest, "a.example", key_));
  EXPECT_THAT(SignNote("x" + longest, "a.example", key_), HasReason("E_MALFORMED"));
  EXPECT_THAT(ParseNote(std::string(kMaxNoteSize + 1, 'x')), HasReason("E_MALFORMED"));
  const NoteLimits wider = {.max_note = kMaxNoteSize, .max_text = kMaxNoteTextSize + 1};
  ASSERT_OK_AND_ASSIGN(const std::string wide, SignNote("x" + longest, "a.example", key_, wider));
  EXPECT_OK(VerifyNote(wide, keys_, wider));
  EXPECT_THAT(VerifyNote(wide, keys_), HasReason("E_MALFORMED"));
}

TEST_F(OwnNoteTest, SignsOnlyWhatANoteCanHold) {
  for (const char* text : {"", "no line feed", "tab\t\n", "\xff\n"}) {
    EXPECT_THAT(SignNote(text, "a.example", key_), HasReason("E_MALFORMED")) << text;
  }
  EXPECT_THAT(SignNote("text\n", "a example", key_), HasReason("E_VKEY"));
}

TEST(KeyNameTest, Rules) {
  EXPECT_TRUE(IsKeyName("log.sluis.example/2026"));
  EXPECT_TRUE(IsKeyName("ge\u00efdentificeerd"));
  EXPECT_TRUE(IsKeyName(std::string(255, 'x')));
  for (const char* name :
       {"", "a b", "a+b", "a\u00a0b", "a\u2003b", "a\u3000", "a\x85", "a\tb", "a\nb"}) {
    EXPECT_FALSE(IsKeyName(name)) << name;
  }
  EXPECT_FALSE(IsKeyName(std::string(256, 'x')));
}

}  // namespace
}  // namespace sluis::tlog
