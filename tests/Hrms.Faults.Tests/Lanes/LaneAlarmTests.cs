using System.Diagnostics.Metrics;
using Hrms.Grains;
using Hrms.Grains.Ledger;

namespace Hrms.Faults.Tests.Lanes;

/// <summary>What operators see of a lane that does not get on, as their scraper reads it: the alert that pages them goes by it.</summary>
public sealed class LaneAlarmTests(PostgresFixture postgres, EvmNodeFixture node) : IClassFixture<EvmNodeFixture>
{
    // No other lane of this process has it.
    private const int Lane = 4711;

    [Fact]
    [Trait("Fault", "F20")]
    public async Task ANodeThatAnswers_AndMakesNoBlocks_ShowsInTheWaitingOfTheOldestChange_UntilItMakesThem()
    {
        await using var it = await LaneBench.StartAsync(postgres, node);
        GrainsTelemetry.Watch(it.Pump, Lane);
        try
        {
            await it.ChangeAsync();
            await it.QuietAsync();
            await it.UntilAsync(() => Measured() == (0, 0));
            await it.HaltedAsync(async () =>
            {
                await it.ChangeAsync(40);
                await it.UntilAsync(() => Measured().Backlog == 40);
                // Nothing is wrong with the node, and the lane waits for nothing but blocks.
                Assert.Equal((LaneState.Running, it.Options.InFlightMax), (it.Pump.State, it.Pump.OpenCount));
                var before = Measured().Waiting;
                Assert.True(before > 0);
                await it.UntilAsync(() => Measured() is var now && now.Backlog == 40 && now.Waiting > before + 1);
            });
            await it.HoldsAsync();
            await it.UntilAsync(() => Measured() == (0, 0));
        }
        finally
        {
            GrainsTelemetry.Unwatch(it.Pump);
        }
    }

    private static (int Backlog, double Waiting) Measured()
    {
        (int Backlog, double Waiting) measured = (-1, -1);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name is "hrms.ledger.backlog" or "hrms.ledger.waiting")
                    listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<int>((_, backlog, tags, _) => measured.Backlog = IsOurs(tags) ? backlog : measured.Backlog);
        listener.SetMeasurementEventCallback<double>((_, waiting, tags, _) => measured.Waiting = IsOurs(tags) ? waiting : measured.Waiting);
        listener.Start();
        listener.RecordObservableInstruments();
        return measured;
    }

    private static bool IsOurs(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
            if (tag is { Key: "lane", Value: Lane })
                return true;
        return false;
    }
}
