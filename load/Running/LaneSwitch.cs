namespace Hrms.Load.Running;

/// <summary>Pauses and resumes all lanes, as an operator does.</summary>
internal static class LaneSwitch
{
    public static Task PauseAsync(RunningSystem system, CancellationToken stop) => TellAsync(system, "pauseLane", stop);

    /// <summary>Returns when every lane works again.</summary>
    public static async Task ResumeAsync(RunningSystem system, CancellationToken stop)
    {
        await TellAsync(system, "resumeLane", stop);
        using var client = new GraphQLClient(system.NextUrl());
        for (var alarmed = true; alarmed; await Task.Delay(TimeSpan.FromMilliseconds(100), stop))
        {
            using var lanes = await client.AskAsync(system.TokenOfOperator(), "{ledger{alarm}}", stop);
            alarmed = lanes.RootElement.GetProperty("data").GetProperty("ledger").EnumerateArray().Any(lane => lane.GetProperty("alarm").GetString() is not null);
        }
    }

    private static async Task TellAsync(RunningSystem system, string mutation, CancellationToken stop)
    {
        using var client = new GraphQLClient(system.NextUrl());
        var token = system.TokenOfOperator();
        using var lanes = await client.AskAsync(token, "{ledger{lane}}", stop);
        foreach (var lane in lanes.RootElement.GetProperty("data").GetProperty("ledger").EnumerateArray())
        {
            using var told = await client.AskAsync(
                token, $"mutation($c:ID!,$l:Int!){{{mutation}(input:{{commandId:$c,lane:$l,reason:\"load run\"}}){{lane{{lane}} errors{{code message}}}}}}", stop,
                ("c", Guid.NewGuid().ToString("D")), ("l", lane.GetProperty("lane").Clone()));
        }
    }
}
