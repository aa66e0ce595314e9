using System.Text;
using Hrms.Contracts;
using Hrms.Domain.Artefacts;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;

namespace Hrms.Grains.Following;

/// <summary>What the follower is asked.</summary>
public sealed partial class LedgerFollowerGrain
{
    /// <summary>Far above a consent's bundle, which has no content.</summary>
    private const int PaperLengthMax = 256 * 1024;

    public async Task<FollowerStatus> StatusAsync()
    {
        var identity = await ledger.KnownAsync(CancellationToken.None);
        var through = identity is null ? null : await rows.ThroughAsync(identity.Since, CancellationToken.None);
        var followed = identity is null ? [] : await rows.LanesAsync(identity.Since, CancellationToken.None);
        return new FollowerStatus(
            _follower.State.ToString().ToLowerInvariant(), _follower.Alarm, through?.Number, through?.Time,
            [.. followed.Select(lane => new FollowedLane(lane.Lane, lane.Last, lane.Lane >= lanes.FirstLane && lane.Lane < lanes.FirstLane + (long)lanes.LaneCount))],
            await ValidatorsAsync());
    }

    /// <summary>Empty, too, when no node answers.</summary>
    private async Task<IReadOnlyList<string>> ValidatorsAsync()
    {
        using var patience = new CancellationTokenSource(options.AskLedgerFor, clock);
        try
        {
            return [.. (await ledger.ValidatorsAsync(patience.Token)).Select(validator => Hex.Of(validator))];
        }
        catch (Exception fault) when (fault is LedgerUnavailableException or OperationCanceledException)
        {
            return [];
        }
    }

    public async Task<Outcome<IssuedConsentCheck>> CheckConsentAsync(CheckIssuedConsent question)
    {
        if (question.Proof.Length > PaperLengthMax || question.Artefact?.Length > PaperLengthMax)
            return new Refusal(RefusalCode.LimitExceeded, $"A consent's proof and paper have at most {PaperLengthMax} characters each.", question.Proof.Length > PaperLengthMax ? "proof" : "artefact");
        var (proof, problem) = Open(question);
        if (proof is null)
            return new IssuedConsentCheck(false, problem!.Text, problem.Place, null, null, null, null);
        if (await ledger.KnownAsync(CancellationToken.None) is not { } identity)
            return new Refusal(RefusalCode.Unavailable, "This member knows no ledger yet. Ask again in a moment.");
        problem ??= IssuedConsent.IsOf(proof, identity);
        return problem is null ? await JudgeAsync(proof, identity) : Said(proof, problem, null, null);
    }

    /// <summary>The proof when it holds in itself; what is wrong with it or with the paper beside it.</summary>
    private (OpenedProof? Proof, ProofProblem? Problem) Open(CheckIssuedConsent question)
    {
        var (bundle, misshapen) = ProofBundleJson.Read(Encoding.UTF8.GetBytes(question.Proof));
        if (bundle is null)
            return (null, misshapen);
        var (proof, broken) = ProofVerifier.Open(bundle);
        if (proof is null || question.Artefact is null)
            return (proof, broken);
        var (paper, unsigned) = Jws.Check(question.Artefact, members.PublicKeys);
        return (proof, unsigned is null ? IssuedConsent.IsTheSame(paper, proof) : new ProofProblem(ProofFault.NotAnArtefact, "artefact", unsigned));
    }

    private async Task<IssuedConsentCheck> JudgeAsync(OpenedProof proof, LedgerIdentity identity)
    {
        // A revocation of a moment ago must be seen: the ledger is read up to now before the rows are asked, unless no node answers in time.
        using var patience = new CancellationTokenSource(options.AskLedgerFor, clock);
        for (var contradictions = 0; ;)
        {
            await CatchUpAsync(patience.Token);
            var (bundle, anchor) = (proof.Bundle, proof.Bundle.Ledger);
            var found = await rows.FindAsync(identity.Since, anchor.Lane, anchor.Number, bundle.Nullifier!, CancellationToken.None);
            var problem = IssuedConsent.ByRows(proof, found);
            var byLedger = await ByLedgerAsync(proof, identity, found.Through, patience.Token);
            if (byLedger is { } holds && holds != problem is null)
            {
                if (++contradictions < Follower.ContradictionsMax)
                    continue;
                _follower.Stop($"As of block {found.Through!.Number} the contract says that a consent of batch {anchor.Number} of lane {anchor.Lane} {(holds ? "holds" : "does not hold")}; what was read of the ledger says the contrary.");
            }
            if (_follower.Alarm is { } alarm)
                problem = new ProofProblem(ProofFault.LedgerDisagrees, "ledger", alarm);
            return Said(proof, problem, found.Through, byLedger);
        }
    }

    /// <summary>What the contract says as of a block; null when no node answers: then the rows alone do, as of their block.</summary>
    private async Task<bool?> ByLedgerAsync(OpenedProof proof, LedgerIdentity identity, ChainBlock? at, CancellationToken cancellationToken)
    {
        if (at is null)
            return null;
        var (bundle, anchor) = (proof.Bundle, proof.Bundle.Ledger);
        try
        {
            return await ledger.CheckConsentAsync(identity, bundle.Leaf, bundle.Path, anchor.Lane, anchor.Number, bundle.Nullifier!, at, cancellationToken);
        }
        catch (LedgerDisagreesException disagreement)
        {
            _follower.Stop(disagreement.Message);
        }
        catch (Exception fault) when (fault is LedgerUnavailableException or OperationCanceledException)
        {
            // The rows answer.
        }
        return null;
    }

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await StepAsync(cancellationToken))
            {
            }
        }
        catch (OperationCanceledException)
        {
            // Too slow: the answer says as of which block it is.
        }
    }

    private static IssuedConsentCheck Said(OpenedProof proof, ProofProblem? problem, ChainBlock? asOf, bool? byLedger) => new(
        problem is null, problem?.Text, problem?.Place, asOf?.Number, asOf?.Time, byLedger, proof.Event.Json.GetRawText());
}
