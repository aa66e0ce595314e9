using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hrms.Domain.Proofs;
using Hrms.Domain.Proofs.Chain;

namespace Hrms.Verifier;

/// <summary>How the program answers, for people and for programs.</summary>
internal static class VerifierAnswer
{
    private static readonly JsonSerializerOptions Compact = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <param name="asOf">The block whose state was read, when that came from a file; null when a node was asked just now.</param>
    public static string Valid(Subject subject, BlockHeader? asOf, bool contractPinned)
    {
        var (bundle, ledger) = (subject.Proof.Bundle, subject.Proof.Bundle.Ledger);
        return $"""
            valid
            {What(subject)}
            batch     {ledger.Number} of lane {ledger.Lane}
            block     {ledger.BlockNumber} ({Hex.Of(ledger.BlockHash)})
            time      {ledger.BlockTime.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC; the event itself says {bundle.RecordedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC
            contract  {Hex.Of(ledger.Contract)} on chain {ledger.ChainId}{(contractPinned ? "" : " (named by the proof: compare it, or give --contract)")}
            as of     {(asOf is null ? "now, by the node" : $"block {asOf.Number} of {asOf.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, by its header")}
            {(subject.History is { } history ? Lines(history) : Event(subject.Proof))}
            """;
    }

    public static string NotValid(ProofProblem problem) => $"NOT VALID: {problem.Fault} at {problem.Place}\n{problem.Text}";

    public static string Json(Subject? subject, BlockHeader? asOf, ProofProblem? problem) => JsonSerializer.Serialize(
        problem is null
            ? new
            {
                valid = true,
                kind = subject!.History is null ? subject.Proof.Bundle.Kind : "history",
                stream = subject.Proof.Bundle.Stream,
                version = subject.Proof.Bundle.Version,
                recordedAt = subject.Proof.Bundle.RecordedAt,
                lane = subject.Proof.Bundle.Ledger.Lane,
                batch = subject.Proof.Bundle.Ledger.Number,
                block = subject.Proof.Bundle.Ledger.BlockNumber,
                blockHash = Hex.Of(subject.Proof.Bundle.Ledger.BlockHash),
                blockTime = subject.Proof.Bundle.Ledger.BlockTime,
                chainId = subject.Proof.Bundle.Ledger.ChainId,
                contract = Hex.Of(subject.Proof.Bundle.Ledger.Contract),
                asOfBlock = asOf?.Number,
                @event = subject.Proof.Event.Json,
                content = subject.Proof.Content is { } content ? Convert.ToBase64String(content) : null,
                fromVersion = subject.History?.Proof.From,
                withheld = subject.History?.Withheld,
                accessLines = subject.History?.AccessLines.Select(line => new { version = line.Version, @event = line.Event.Json }),
            }
            : (object)new { valid = false, fault = problem.Fault.ToString(), place = problem.Place, text = problem.Text },
        Indented);

    private static string What(Subject subject) => subject.History is { } history
        ? $"kind      history, events {history.Proof.From} to {history.Proof.Head.Version} of stream {history.Proof.Head.Stream}, none missing; "
            + $"{history.AccessLines.Count()} access lines{(history.Withheld.Count == 0 ? "" : $"; {history.Withheld.Count} events withheld for a time")}"
        : $"kind      {subject.Proof.Bundle.Kind}, version {subject.Proof.Bundle.Version} of stream {subject.Proof.Bundle.Stream}";

    private static string Event(OpenedProof proof) => $"event     {JsonSerializer.Serialize(proof.Event.Json, Indented)}"
        + (proof.Content is { } content ? $"\ncontent   {Encoding.UTF8.GetString(content)}" : "");

    private static string Lines(OpenedHistory history) => string.Join('\n', history.AccessLines.Select(line =>
        $"access    {line.Version} {JsonSerializer.Serialize(line.Event.Json, Compact)}").Concat(history.Withheld.Select(version => $"withheld  {version}")));
}
