using Hrms.Load.Measuring;
using Hrms.Load.Running;

namespace Hrms.Load.Scenarios;

/// <summary>The same reads by GraphQL and by a REST endpoint that does the least (<see cref="Baselines.RestHost"/>): what the query language costs a caller. A copy does one, then the other.</summary>
internal sealed class RestAndGraphQL(RunningSystem system, int copies, int patientCount) : IScenario
{
    private readonly RecordReads _graphQL = new(system, copies, patientCount);
    private readonly RestClient[] _rest = [.. Enumerable.Range(0, copies).Select(_ => new RestClient(system.NextUrl()))];
    private readonly int[] _steps = new int[copies];

    public string Name => "graphql-and-rest";

    public string Unit => "reads";

    public Task PrepareAsync(Action<string> progress, CancellationToken stop) => _graphQL.PrepareAsync(progress, stop);

    public Task<string> StepAsync(int copy, CancellationToken stop) => StepAsync(copy, isRest: _steps[copy]++ % 2 == 1, stop);

    public async Task<string> StepAsync(int copy, bool isRest, CancellationToken stop)
    {
        if (isRest)
            await _rest[copy].ReadAsync(_graphQL.Next(copy), stop);
        else
            await _graphQL.StepAsync(copy, stop);
        return isRest ? "REST" : "GraphQL";
    }

    public Task<IReadOnlyList<Threshold>> CheckAsync(Action<string> progress, CancellationToken stop) => _graphQL.CheckAsync(progress, stop);

    public void Dispose()
    {
        _graphQL.Dispose();
        foreach (var client in _rest)
            client.Dispose();
    }
}
