using GraphQL;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Ledger;

public sealed class LedgerQueries
{
    [Description("The shared ledger, lane by lane. Nothing on it is personal.")]
    public static async Task<IReadOnlyList<LaneType>> Ledger(IResolveFieldContext context) =>
        [.. await Task.WhenAll(Lanes.All(context).Select(async lane => new LaneType(await lane.StatusAsync())))];

    [Description(
        "Rebuilds batches of a lane from the journal and compares their roots with the stored ones and the ledger's: whoever changed, deleted or added rows behind the product's back is found. "
        + "Begins with a batch; ask again from nextBatch while there is one.")]
    public static async Task<LedgerCheckType> LedgerCheck(IResolveFieldContext context, int lane, long fromBatch = 1, int first = 25)
    {
        var writer = Lanes.Find(context, lane) ?? throw Answers.Error(new Refusal(RefusalCode.Invalid, $"There is no lane {lane}.", "lane"));
        var (from, take) = (Math.Max(1, fromBatch), Math.Clamp(first, 1, Limits.PageSizeMax));
        return new LedgerCheckType(await writer.CheckAsync(from, take), from, take);
    }
}

internal static class Lanes
{
    /// <returns>Null when there is no such lane.</returns>
    public static ILedgerWriterGrain? Find(IResolveFieldContext context, int lane) =>
        lane >= 0 && lane < context.RequestServices!.GetRequiredService<LaneCount>().Value
            ? context.RequestServices!.GetRequiredService<IGrainFactory>().GetGrain<ILedgerWriterGrain>(lane)
            : null;

    public static IEnumerable<ILedgerWriterGrain> All(IResolveFieldContext context)
    {
        var grains = context.RequestServices!.GetRequiredService<IGrainFactory>();
        return Enumerable.Range(0, context.RequestServices!.GetRequiredService<LaneCount>().Value).Select(lane => grains.GetGrain<ILedgerWriterGrain>(lane));
    }
}

/// <summary>One lane of the ledger and its writer.</summary>
[Name("LedgerLane")]
public sealed class LaneType(LaneStatus status)
{
    [Description("Its number among this member's lanes.")]
    public int Lane => status.Lane;

    [Description("Its number on the shared ledger, which proofs name.")]
    public int LedgerLane => status.LedgerLane;

    [Description("running, waiting (no node answers), stopped (see alarm) or paused (by an operator).")]
    public string State => status.State;

    public string? Alarm => status.Alarm;

    [Description("The newest batch; it may still wait for its block.")]
    public long LastBatch => status.LastNumber;

    public long? LastBlock => status.LastBlock;

    [Description("Durable events that are not in a batch yet, counted up to 100,000.")]
    public int Backlog => status.Backlog;

    public int OpenBatches => status.OpenBatches;

    public ulong ChainId => status.ChainId;

    public string Contract => status.Contract;

    [Description("The lane from inside. Only operators and auditors may look.")]
    public async Task<InspectionType> Inspection(IResolveFieldContext context)
    {
        await context.NoteLookAsync($"ledger lane {status.Lane}");
        return await Lanes.Find(context, status.Lane)!.InspectAsync(context.Asker()).OrError(inspection => new InspectionType(inspection));
    }

    [Description("Batches that became final, newest first.")]
    public async Task<IReadOnlyList<LedgerCommitType>> Commits(IResolveFieldContext context, int first = 25) =>
        [.. (await context.RequestServices!.GetRequiredService<IGrainFactory>().GetGrain<ILedgerWriterGrain>(status.Lane)
            .RecentAsync(Math.Clamp(first, 1, Limits.PageSizeMax))).Select(commit => new LedgerCommitType(commit))];
}

/// <summary>What a comparison of some batches of a lane found.</summary>
[Name("LedgerCheck")]
public sealed class LedgerCheckType(HistoryCheck check, long from, int take)
{
    public long EventsChecked => check.EventsChecked;

    public long BatchesChecked => check.BatchesChecked;

    [Description("Each names the batch and what is wrong with it.")]
    public IReadOnlyList<string> Problems => check.Problems;

    [Description("Where to go on; null after the newest batch.")]
    public long? NextBatch => check.BatchesChecked == take ? from + take : null;
}

/// <summary>A batch that became final.</summary>
[Name("LedgerCommit")]
public sealed class LedgerCommitType(LedgerCommit commit)
{
    public int Lane => commit.Lane;

    public long Number => commit.Number;

    public string Root => commit.Root;

    public int LeafCount => commit.LeafCount;

    public string TransactionHash => commit.TransactionHash;

    public long BlockNumber => commit.BlockNumber;

    public DateTimeOffset BlockTime => commit.BlockTime;
}
