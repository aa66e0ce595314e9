using GraphQL;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Ledger;

/// <summary>What this member read of the shared ledger, all members' lanes.</summary>
public sealed class FollowerQueries
{
    [Description("How far this member has read the shared ledger, and each member's lanes.")]
    public static async Task<FollowerType> LedgerFollower(IResolveFieldContext context) => new(await Follower(context).StatusAsync());

    [Description(
        "Whether a consent that any member issued holds: its proof is right, its batch is on the ledger, it is not revoked. From what this member read of the ledger, so without any node too, and by the "
        + "contract when a node answers. With the signed paper: by a member that is known here, and of the same consent. In doubt the answer is no.")]
    public static Task<IssuedConsentType> CheckIssuedConsent(IResolveFieldContext context, string proof, string? artefact = null) =>
        Follower(context).CheckConsentAsync(new CheckIssuedConsent(context.Asker(), proof, artefact)).OrError(check => new IssuedConsentType(check));

    private static ILedgerFollowerGrain Follower(IResolveFieldContext context) =>
        context.RequestServices!.GetRequiredService<IGrainFactory>().GetGrain<ILedgerFollowerGrain>(0);
}

[Name("LedgerFollower")]
public sealed class FollowerType(FollowerStatus status)
{
    [Description("running, waiting (no node answers, or none is as far) or stopped (see alarm).")]
    public string State => status.State;

    public string? Alarm => status.Alarm;

    [Description("The block up to which everything is read.")]
    public long? Block => status.Block;

    [Description("When that block was made; it stands still when the chain does.")]
    public DateTimeOffset? BlockTime => status.BlockTime;

    [Description("Who seals the chain's newest block. Empty where its headers name no validators, as a development node's, or no node answers.")]
    public IReadOnlyList<string> Validators => status.Validators ?? [];

    public IReadOnlyList<FollowedLaneType> Lanes => [.. status.Lanes.Select(lane => new FollowedLaneType(lane.Lane, lane.Last, lane.Own))];
}

/// <param name="LedgerLane">Its number on the shared ledger.</param>
/// <param name="Own">Whether it is this member's.</param>
[Name("FollowedLane")]
public sealed record FollowedLaneType(long LedgerLane, long LastBatch, bool Own);

/// <summary>What this member knows of a consent that any member issued.</summary>
[Name("IssuedConsent")]
public sealed class IssuedConsentType(IssuedConsentCheck check)
{
    public bool Holds => check.Holds;

    [Description("Why it does not hold.")]
    public string? Problem => check.Problem;

    [Description("The member of proof or paper that the problem is with.")]
    public string? Place => check.Place;

    [Description("The block up to which this member has read the ledger.")]
    public long? AsOfBlock => check.AsOfBlock;

    public DateTimeOffset? AsOfTime => check.AsOfTime;

    [Description("The contract's own word as of that block; null when no node gave it.")]
    public bool? ByLedger => check.ByLedger;

    [Description("The consent as it was anchored: JSON. Null when the proof does not hold in itself.")]
    public string? Event => check.Event;
}
