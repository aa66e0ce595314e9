using Hrms.Contracts;
using Hrms.TestKit;

namespace Hrms.Api.Tests.EndToEnd.PairedWorlds;

/// <summary>
/// Two whole products: in one a patient withholds records from a doctor, in the other these records never were. Whatever the doctor does, the bytes that come back are the same.
/// </summary>
[Trait("Feature", "25"), Trait("Feature", "66")]
public sealed class PairedWorldsTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Lives = 16, SearchesEach = 25;
    private readonly World _restricted = new(), _bare = new();
    private int _answers, _withheld, _shown;

    public async ValueTask InitializeAsync() => await Task.WhenAll(_restricted.BeginAsync(), _bare.BeginAsync());

    [Fact]
    public async Task WhateverADoctorAsks_WithheldAndNeverExistedAnswerWithTheSameBytes()
    {
        Assert.Equal(_restricted.Hospital.Id, _bare.Hospital.Id);
        var random = Seed.Random(output);
        for (var life = 0; life < Lives; life++)
            await LiveAsync(new Life(random), random);
        output.WriteLine($"{Lives} patients, {_withheld} records withheld, {_shown} shown, {_answers} pairs of answers");
        Assert.True(_withheld > Lives / 2 && _shown > Lives / 2, "The seed made a dull world: nothing to withhold or nothing to show.");
    }

    public async ValueTask DisposeAsync()
    {
        await _restricted.DisposeAsync();
        await _bare.DisposeAsync();
    }

    private async Task LiveAsync(Life life, Random random)
    {
        var ana = await _restricted.LivesAsync(life, has: _ => true);
        var shown = (await _restricted.Doctor(life.Purpose).SeesAsync(ana, life.Purpose)).ToHashSet();
        var twin = await _bare.LivesAsync(life, has: command => shown.Contains(World.IdOf(command)));
        Assert.Equal(ana.Id, twin.Id);
        (_withheld, _shown) = (_withheld + life.Records.Count - shown.Count, _shown + shown.Count);

        foreach (var record in life.Records.Select(record => World.IdOf(record.Command)).Append(life.Command()))
            await SameAsync(ana, twin, (world, patient) => world.Doctor(life.Purpose).AsksOfAsync(patient, life.Purpose, record));
        foreach (var where in Questions.Filters)
            await TurnPagesAsync(ana, twin, life.Purpose, random.Next(1, 4), where);
        foreach (var (where, after) in Questions.RandomSearches(random, life, SearchesEach))
        {
            var first = random.Next(1, 4);
            await SameAsync(ana, twin, (world, patient) => world.Doctor(life.Purpose).AsksForPageAsync(patient, life.Purpose, first, after, where));
        }
        foreach (var query in Questions.Exports)
            await ExportAsync(ana, twin, life.Purpose, $"?_count={random.Next(1, 4)}{query}");
        await CommandAsync(ana, twin, life, shown);
        await ListenAsync(ana, twin, life);
    }

    private async Task TurnPagesAsync(Patient ana, Patient twin, PurposeOfUse purpose, int first, object? where)
    {
        string? after = null;
        do
        {
            var page = (await SameAsync(ana, twin, (world, patient) => world.Doctor(purpose).AsksForPageAsync(patient, purpose, first, after, where))).Patient.GetProperty("records").GetProperty("pageInfo");
            after = page.GetProperty("hasNextPage").GetBoolean() ? page.GetProperty("endCursor").GetString() : null;
        }
        while (after is not null);
    }

    private async Task ExportAsync(Patient ana, Patient twin, PurposeOfUse purpose, string query)
    {
        var pages = await Task.WhenAll(_restricted.Doctor(purpose).TurnsPagesAsync(ana, query), _bare.Doctor(purpose).TurnsPagesAsync(twin, query));
        Assert.Equal(pages[1].Select(World.Told), pages[0].Select(World.Told));
        _answers += pages[0].Count;
    }

    /// <summary>Commands on what is withheld. Those on what is shown change both worlds in the same way.</summary>
    private async Task CommandAsync(Patient ana, Patient twin, Life life, HashSet<Guid> shown)
    {
        foreach (var (made, resource) in life.Records)
        {
            var (record, command) = (World.IdOf(made), life.Command());
            await SameReplyAsync(ana, twin, (world, patient) => world.Doctor(life.Purpose).SendsAsync(
                "addLabel", new { commandId = command, patient = patient.Id, record, label = "PSY" }, "record { id }"));
            await SameReplyAsync(ana, twin, (world, patient) => world.Doctor(life.Purpose).SendsAsync(
                "lowerLabel", new { commandId = command, patient = patient.Id, record, label = "PSY", why = "No." }, "record { id }"));
            if (shown.Contains(record))
                continue;
            // In a Bundle the id of what is withheld names nothing, either.
            var (bundle, import) = (Clinic.Bundle(Clinic.LabResult(encounter: record), Clinic.LabResult(by: record)), life.Command());
            await SameReplyAsync(ana, twin, (world, patient) => world.Doctor(life.Purpose).SendsAsync(
                "importBundle", new { commandId = import, patient = patient.Id, bundle }, "count records { id class authors encounter content }"));
            foreach (var version in new[] { 1, 2 })
                await SameReplyAsync(ana, twin, (world, patient) => world.Doctor(life.Purpose).AmendsAsync(patient, record, version, resource, command));
        }
    }

    private async Task ListenAsync(Patient ana, Patient twin, Life life)
    {
        await using var hears = await _restricted.ListensAsync(ana, life.Purpose);
        await using var heard = await _bare.ListensAsync(twin, life.Purpose);
        foreach (var (command, resource) in life.Arriving)
            (await ana.AddsToAsync(ana, resource, command)).Done();
        var shown = (await _restricted.Doctor(life.Purpose).SeesAsync(ana, life.Purpose)).ToHashSet();
        var arrived = life.Arriving.Where(record => shown.Contains(World.IdOf(record.Command))).ToList();
        foreach (var (command, resource) in arrived)
            (await twin.AddsToAsync(twin, resource, command)).Done();
        foreach (var _ in arrived)
            Assert.Equal(World.Told(await heard.NextAsync()), World.Told(await hears.NextAsync()));
        (_withheld, _shown) = (_withheld + life.Arriving.Count - arrived.Count, _shown + arrived.Count);
        Assert.Equal((0, 0), (heard.Waiting, hears.Waiting));
    }

    private async Task<Answer> SameAsync(Patient ana, Patient twin, Func<World, Patient, Task<Answer>> ask)
    {
        var answers = await Task.WhenAll(ask(_restricted, ana), ask(_bare, twin));
        Assert.Equal(World.Told(answers[1]), World.Told(answers[0]));
        _answers++;
        return answers[0];
    }

    private async Task SameReplyAsync(Patient ana, Patient twin, Func<World, Patient, Task<Reply>> send)
    {
        var replies = await Task.WhenAll(send(_restricted, ana), send(_bare, twin));
        Assert.Equal(World.Told(replies[1].Payload), World.Told(replies[0].Payload));
        _answers++;
    }
}
