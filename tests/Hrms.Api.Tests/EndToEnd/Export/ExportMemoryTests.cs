using System.Diagnostics;
using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd.Export;

/// <summary>Measured with nothing beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>However much a patient has: an export takes the memory of a page.</summary>
[Collection(nameof(Alone))]
public sealed class ExportMemoryTests(HrmsFixture hrms, ITestOutputHelper output)
{
    private const int Records = 6_500, RecordBytes = 12_500, ImportedAtOnce = 325;
    private const long GrowthBytesMax = 24 << 20;

    [Fact, Trait("Feature", "59")]
    public async Task ThousandsOfRecords_LeaveInTheMemoryOfAPage()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        for (var from = 0; from < Records; from += ImportedAtOnce)
            (await ana.ImportsToAsync(ana, Clinic.Bundle([.. Enumerable.Range(from, ImportedAtOnce).Select(Noted)]))).Done();
        await ana.GrantsAsync(drLee, DataClass.Laboratory);
        var first = await drLee.AsksForExportAsync(ana);
        var next = first.Next;
        var (count, bytes, largest, live) = (first.Records.Count, (long)first.Bytes.Length, first.Bytes.Length, GC.GetTotalMemory(forceFullCollection: true));
        var (grown, allocated, began) = (0L, GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp());

        for (var pages = 1; next is not null; pages++)
        {
            var page = await drLee.GetsAsync(next);
            (count, bytes, largest, next) = (count + page.Records.Count, bytes + page.Bytes.Length, Math.Max(largest, page.Bytes.Length), page.Next);
            if (pages % 20 == 0)
                grown = Math.Max(grown, GC.GetTotalMemory(forceFullCollection: true) - live);
        }

        output.WriteLine($"{count} records, {bytes >> 20} MiB in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s; largest page {largest >> 10} KiB; "
            + $"live heap of server and client grew by {grown >> 20} MiB at most, {(GC.GetTotalAllocatedBytes() - allocated) >> 20} MiB allocated");
        Assert.Equal(Records, count);
        Assert.True(bytes > 3 * GrowthBytesMax, "Too little was exported to tell.");
        Assert.True(grown < GrowthBytesMax, $"{grown} bytes");
    }

    private static JsonElement Noted(int number)
    {
        var lab = System.Text.Json.Nodes.JsonNode.Parse(Clinic.LabResult($"2025-{number % 12 + 1:00}-{number % 28 + 1:00}T08:00:00Z").GetRawText())!.AsObject();
        lab["note"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["text"] = new string((char)('a' + number % 26), RecordBytes) });
        return JsonSerializer.SerializeToElement(lab);
    }
}
