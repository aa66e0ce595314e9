using System.Text.Json;
using Hrms.Domain.Proofs;

namespace Hrms.Verifier;

/// <summary>What a file shows: one event, or a history; opened, and not yet compared with the ledger.</summary>
/// <param name="Proof">The event whose batch the ledger must have: the one, or the history's last.</param>
internal sealed record Subject(OpenedProof Proof, OpenedHistory? History)
{
    /// <summary>Reads and opens a file of either kind, or says what is wrong with it.</summary>
    public static (Subject? Subject, ProofProblem? Problem) Open(byte[] text)
    {
        if (IsHistory(text))
        {
            var (read, place, unreadable) = ProofJson.Read<HistoryProof>(text);
            if (read is null)
                return (null, new ProofProblem(ProofFault.NotABundle, place!, $"The file is not a history: {unreadable}"));
            var (history, broken) = HistoryVerifier.Open(read);
            return history is null ? (null, broken) : (new Subject(history.Head, history), null);
        }
        var (bundle, misshapen) = ProofBundleJson.Read(text);
        if (bundle is null)
            return (null, misshapen);
        var (proof, problem) = ProofVerifier.Open(bundle);
        return proof is null ? (null, problem) : (new Subject(proof, null), null);
    }

    private static bool IsHistory(byte[] text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("head", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
