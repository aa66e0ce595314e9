using System.Text.Json;
using Hrms.Domain.Ports;
using Hrms.Domain.Sealing;

namespace Hrms.Domain.Proofs;

/// <summary>The part of a history's verification that needs no network: the chain of leaves and the opening of each event.</summary>
public static class HistoryVerifier
{
    /// <summary>The opened history, or the first thing that is wrong.</summary>
    public static (OpenedHistory? History, ProofProblem? Problem) Open(HistoryProof proof)
    {
        if (proof.Format != HistoryProof.CurrentFormat)
            return Wrong(ProofFault.UnknownFormat, "format", $"This program reads {HistoryProof.CurrentFormat}; the file is '{proof.Format}'.");
        if (proof.PrevLeaf.Length != Keccak256.SizeBytes)
            return Wrong(ProofFault.WrongSize, "prevLeaf", "'prevLeaf' does not have its size.");
        if (proof.From < 1 || proof.From + proof.Events.Count != proof.Head.Version)
            return Wrong(ProofFault.HistoryBroken, "from", $"{proof.Events.Count} events from {proof.From} on do not lead to event {proof.Head.Version}.");
        if (proof.From == 1 && proof.PrevLeaf.Any(digit => digit != 0))
            return Wrong(ProofFault.HistoryBroken, "prevLeaf", "Nothing comes before a stream's first event.");
        var (head, problem) = ProofVerifier.Open(proof.Head);
        if (head is null)
            return (null, problem! with { Place = $"head.{problem.Place}" });

        List<(long, ProofEvent)> events = [];
        List<long> withheld = [];
        var leaf = proof.PrevLeaf;
        for (var i = 0; i < proof.Events.Count; i++)
        {
            var (link, version) = (proof.Events[i], proof.From + i);
            if (link.Salt.Length != Leaf.SaltBytes || (link.EventKey is { } given && given.Length != Sealed.KeyBytes))
                return Wrong(ProofFault.WrongSize, $"events[{i}]", "The salt or the key does not have its size.");
            leaf = Leaf.Compute(link.Salt, proof.Head.Stream, version, leaf, link.Ciphertext);
            if (link.EventKey is not { } key)
            {
                withheld.Add(version);
                continue;
            }
            try
            {
                var place = StreamKeys.EventPlace(new StreamId(proof.Head.Stream), version);
                events.Add((version, ProofEvent.Read(Sealed.Open(key, link.Ciphertext, place))));
            }
            catch (SealBrokenException)
            {
                return Wrong(ProofFault.EventDoesNotOpen, $"events[{i}].eventKey", "The key does not open the sealed event of this stream and version.");
            }
            catch (JsonException fault)
            {
                return Wrong(ProofFault.NotAnEvent, $"events[{i}].ciphertext", fault.Message);
            }
        }
        if (!leaf.AsSpan().SequenceEqual(proof.Head.PrevLeaf))
            return Wrong(ProofFault.HistoryBroken, "events", "The events do not lead to the leaf before the last event: one is missing, moved or changed.");
        events.Add((proof.Head.Version, head.Event));
        return (new OpenedHistory(proof, head with { Bundle = head.Bundle with { Nullifier = null } }, events, withheld), null);
    }

    private static (OpenedHistory?, ProofProblem?) Wrong(ProofFault fault, string place, string text) => (null, new ProofProblem(fault, place, text));
}
