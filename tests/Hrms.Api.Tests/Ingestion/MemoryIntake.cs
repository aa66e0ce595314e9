using System.Security.Claims;
using Hrms.Api.Ingestion;
using Hrms.Contracts;
using Hrms.Domain.Samples;

namespace Hrms.Api.Tests.Ingestion;

/// <summary>Stands for the device's grain: the domain's rules over chunks in memory, and commands remembered with their fingerprint.</summary>
internal sealed class MemoryIntake : ISampleIntake
{
    public static readonly DateTimeOffset Now = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<CommandId, byte[]> _commands = [];
    private readonly Dictionary<ChunkInfo, SampleRun> _chunks = [];
    private ChunkBook _book = ChunkBook.Empty;

    /// <summary>What is answered to every batch, when set.</summary>
    public Refusal? Refusal { get; set; }

    /// <summary>What a batch waits for, when set; <see cref="Arrived"/> is told first.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public TaskCompletionSource Arrived { get; } = new();

    public PatientId? Patient { get; private set; }

    public IReadOnlyList<CommandId> Commands => [.. _commands.Keys];

    public int Count => _book.All.Sum(chunk => chunk.Count);

    public SampleRun All(SampleKind kind) =>
        SampleRun.Merge([.. _book.All.Where(chunk => chunk.Kind == kind).Select(chunk => _chunks[chunk])]);

    public async Task<Outcome<SampleIngestResult>> IngestAsync(
        DeviceId device, ClaimsPrincipal token, PatientId? patient, SampleBatch batch, CancellationToken cancellationToken)
    {
        Arrived.TrySetResult();
        await Gate;
        Patient = patient;
        if (Refusal is not null) return Refusal;
        if (_commands.TryGetValue(batch.Command, out var known) && !known.AsSpan().SequenceEqual(batch.Fingerprint))
            return new Refusal(RefusalCode.CommandReused, "Another body came under this command.");
        var intake = SampleIntake.Prepare(batch, _book, Now);
        var (result, changes) = intake.Complete([.. intake.ToLoad.Select(chunk => _chunks[chunk])]);
        foreach (var change in changes)
            _book = _book.Apply(change.Add.Select(run => Store(change, run)), change.Remove);
        _commands[batch.Command] = batch.Fingerprint;
        return result;
    }

    private ChunkInfo Store(ChunkChange change, SampleRun run)
    {
        var hash = BitConverter.GetBytes(_chunks.Count);
        var chunk = new ChunkInfo(change.Kind, change.Day, run.Times.Span[0], run.Times.Span[^1], run.Count, hash, 0);
        _chunks.Add(chunk, run);
        return chunk;
    }
}
