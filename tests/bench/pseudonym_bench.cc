// What pseudonyms cost: the library against the same operations called bare on libsodium, what the
// proofs add, and how two threads share. Rows take turns in short slices and are counted in the
// processor time of their thread, so that what else the machine does meets all of them; a ratio is
// the median of those of the rounds. pseudonyms.md says what is printed.
#include <time.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "lib/pseudonym/enrolment.h"
#include "lib/pseudonym/hop_proof.h"
#include "lib/pseudonym/internal/knowledge.h"
#include "lib/pseudonym/transcryption.h"
#include "tests/bench/bare_hop.h"
#include "tests/bench/must.h"
#include "tests/support/pseudonym_ports.h"

namespace sluis::bench {
namespace {

using namespace pseudonym;

double ThreadSeconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double Median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

// One thing that is measured: how long an item takes, by round.
struct Row {
  const char* name;
  std::size_t items;  // a call of `body`
  std::function<void()> body;
  std::vector<double> seconds = {};  // an item

  void Slice(double least) {
    const double start = ThreadSeconds();
    std::size_t calls = 0;
    do {
      body();
      ++calls;
    } while (ThreadSeconds() - start < least);
    seconds.push_back((ThreadSeconds() - start) / static_cast<double>(calls * items));
  }
};

double Ratio(const Row& above, const Row& below) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < above.seconds.size(); ++i) {
    ratios.push_back(above.seconds[i] / below.seconds[i]);
  }
  return Median(std::move(ratios));
}

Raw RawOf(const GroupElement& element) { return element.raw(); }

// A route of one transcryptor and a batch for it.
struct Work {
  explicit Work(std::size_t size);

  TranscryptorKeys keys = TranscryptorKeys::Generate();
  Party from{"00000099000000001000", "gemeente/oov"}, to{"00000099000000003000", "riec/bureau"};
  Domain origin = Domain::Origin(SubjectKind::kBsn);
  Domain index = Must(Domain::Index(1, to, "register"), "index");
  CaseSalt salt = CaseSalt::Draw();
  Route route{origin, Must(Domain::Case(1, std::string(32, 'a'), to, "riec-signaalweging"), "case"),
              Must(Context::Draw(from), "context"), Must(Context::Draw(to), "context")};
  HopFactors factors = Must(HopFactors::Derive(keys, route, nullptr, &salt), "factors");
  SecretScalar sk = SecretScalar::Random();
  GroupElement y = MultiplyBase(sk);
  HeaderBase base = MakeHeaderBase(factors, y);
  std::vector<Encrypted> encrypted;
  std::vector<Ciphertext> items;
  std::vector<SubjectElement> subjects;
  BareFactors bare;
  std::vector<BareItem> bare_items;
  Raw bare_y;

  void Hop(bool verifiable) const {
    Must(TranscryptBatch(factors, base, {items, y, false, verifiable}).status(), "hop");
  }
  void BareHop(bool proofs) const {
    Must(bench::BareHop(bare, bare_y, bare_items, proofs).items.size() == items.size(), "bare");
  }
};

Work::Work(std::size_t size) : bare_y(RawOf(y)) {
  for (std::size_t i = 0; i < size; ++i) {
    const GroupElement subject = HashToGroup(absl::StrFormat("bench %d", i));
    encrypted.push_back(Must(Encrypt(subject, y), "encrypt"));
    items.push_back(encrypted.back().ciphertext);
    bare_items.push_back({RawOf(items.back().b), RawOf(items.back().c)});
    subjects.emplace_back(subject);
  }
  // Scalars of its own: a hop costs the same with any.
  bare.s = BareRandomScalar(), bare.t = BareRandomScalar();
  bare.big_s = BareBase(bare.s), bare.big_t = BareBase(bare.t);
}

// What verifying and enrolling start from.
struct Made {
  explicit Made(const Work& work);
  HopOutput hop;
  ProofBlock block;
  testing::MemoryHeaders headers;
  std::vector<Proof> knowledge;
  EnrolFactor factor;
  EnrolBatch batch;
  EnrolResponse first, second;
};

Made::Made(const Work& work)
    : hop(Must(TranscryptBatch(work.factors, work.base, {work.items, work.y}), "hop")),
      block(Must(ProofBlock::Decode(hop.proof_block.Reveal(SecretAccess::ForTest())), "block")),
      factor(Must(EnrolFactor::Derive(work.keys, work.origin, work.index), "factor")),
      batch(Must(EnrolBatch::Blind(work.subjects), "blind")),
      first(factor.Evaluate(Hop::kFirst, batch.blinded())),
      second(factor.Evaluate(Hop::kSecond, first.elements)) {
  RandomNonces nonces;
  const Digest payload{};
  for (std::uint32_t i = 0; i < work.items.size(); ++i) {
    knowledge.push_back(
        ProveKnowledge(nonces, work.encrypted[i].blind, {"bench", i, work.items[i], payload}));
  }
}

void CheckKnowledge(const Work& work, const Made& made) {
  const Digest payload{};
  for (std::uint32_t i = 0; i < work.items.size(); ++i) {
    Must(VerifyKnowledge(made.knowledge[i], {"bench", i, work.items[i], payload}), "knowledge");
  }
}

void Verify(const Work& work, Made& made, VerifiedHeaders* memory) {
  Must(
      VerifyHop(made.block,
                {work.items, work.y, made.hop.response, false, work.factors.commitments()}, memory),
      "verify");
}

enum {
  kMultiply,
  kBare,
  kPlain,
  kBareProofs,
  kProofs,
  kHeader,
  kVerify,
  kVerifyNew,
  kKnowledge,
  kBlind,
  kEvaluate,
  kUnblind
};

std::vector<Row> RowsOf(Work& work, Made& made) {
  const std::size_t n = work.items.size();
  const Raw scalar = BareRandomScalar();
  return {
      {"scalar multiplication, bare", n,
       [&work, scalar] {
         for (const BareItem& item : work.bare_items) (void)BareTimes(scalar, item.b);
       }},
      {"hop without proofs, bare", n, [&] { work.BareHop(false); }},
      {"hop without proofs, library", n, [&] { work.Hop(false); }},
      {"hop with proofs, bare", n, [&] { work.BareHop(true); }},
      {"hop with proofs, library", n, [&] { work.Hop(true); }},
      {"header parts of a route (a batch, not an item)", 1,
       [&] { (void)MakeHeaderBase(work.factors, work.y); }},
      {"verifying a hop, header known", n, [&] { Verify(work, made, &made.headers); }},
      {"verifying a hop, header new", n, [&] { Verify(work, made, nullptr); }},
      {"proof of knowledge checked", n, [&] { CheckKnowledge(work, made); }},
      {"enrolment: blinding, owner", n,
       [&] { Must(EnrolBatch::Blind(work.subjects).status(), ""); }},
      {"enrolment: one hop", n,
       [&] { (void)made.factor.Evaluate(Hop::kFirst, made.batch.blinded()); }},
      {"enrolment: checking both hops, unblinding, owner", n,
       [&] {
         Must(made.batch
                  .Unblind(made.first, made.second, made.factor.public_f(), made.factor.public_f())
                  .status(),
              "unblind");
       }},
  };
}

void PrintRows(const std::vector<Row>& rows) {
  std::printf("%-50s %12s %12s %10s\n", "row", "us an item", "per s, core", "scalar m.");
  for (const Row& row : rows) {
    const double seconds = Median(row.seconds);
    std::printf("%-50s %12.1f %12.0f %10.2f\n", row.name, seconds * 1e6, 1 / seconds,
                Ratio(row, rows[kMultiply]));
  }
  std::printf("library against bare: without proofs %.1f %%, with proofs %.1f %% (goal 90 %%)\n",
              100 * Ratio(rows[kBare], rows[kPlain]),
              100 * Ratio(rows[kBareProofs], rows[kProofs]));
  std::printf("a hop with proofs against one without, header parts kept: %.2f\n",
              Ratio(rows[kProofs], rows[kPlain]));
}

// Hops made by `threads` threads at once: a wall second, and a second of processor time.
struct Shared {
  double per_wall, per_cpu;
};

Shared Together(int threads, const Work& work, double wall) {
  std::vector<double> cpu(threads);
  std::vector<std::size_t> done(threads);
  std::vector<std::thread> running;
  const absl::Time start = absl::Now(), end = start + absl::Seconds(wall);
  for (int i = 0; i < threads; ++i) {
    running.emplace_back([&, i] {
      const double before = ThreadSeconds();
      for (; absl::Now() < end; ++done[i]) work.Hop(true);
      cpu[i] = ThreadSeconds() - before;
    });
  }
  for (std::thread& thread : running) thread.join();
  const double took = absl::ToDoubleSeconds(absl::Now() - start);
  double all = 0, all_cpu = 0;
  for (int i = 0; i < threads; ++i) {
    all += static_cast<double>(done[i] * work.items.size());
    all_cpu += cpu[i];
  }
  return {all / took, all / all_cpu};
}

void PrintSharing(const Work& work, int rounds, double slice) {
  std::vector<double> wall, cpu;
  for (int round = 0; round < rounds; ++round) {
    const Shared one = Together(1, work, slice), two = Together(2, work, slice);
    wall.push_back(two.per_wall / one.per_wall);
    cpu.push_back(2 * two.per_cpu / one.per_cpu);
  }
  std::printf(
      "two threads against one, with proofs: %.2f by the wall clock, %.2f by processor "
      "time (goal 1.8)\n",
      Median(wall), Median(cpu));
}

int Run(int argc, char** argv) {
  CLI::App app("Measures pseudonyms against libsodium; tests/bench/pseudonyms.md");
  int rounds = 15;
  double slice = 0.1;
  std::size_t batch = 16;
  app.add_option("--rounds", rounds, "slices of each row")->check(CLI::Range(1, 1000));
  app.add_option("--slice", slice, "seconds of a slice")->check(CLI::Range(0.001, 60.0));
  app.add_option("--batch", batch, "items of a batch")->check(CLI::Range(1, 4096));
  CLI11_PARSE(app, argc, argv);
  Work work(batch);
  Made made(work);
  std::vector<Row> rows = RowsOf(work, made);
  for (int round = 0; round < rounds; ++round) {
    for (Row& row : rows) row.Slice(slice);
  }
  std::printf("batches of %d items, %d rounds of %.3f s\n", static_cast<int>(batch), rounds, slice);
  PrintRows(rows);
  PrintSharing(work, rounds, 3 * slice);
  return 0;
}

}  // namespace
}  // namespace sluis::bench

int main(int argc, char** argv) { return sluis::bench::Run(argc, argv); }
