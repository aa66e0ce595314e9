using Hrms.Grains.Ledger;
using Npgsql;

namespace Hrms.Faults.Tests.Lanes;

/// <summary>Rows that a running transaction could still precede are in no batch before it ends; nobody wakes the lane then.</summary>
public sealed class LaneHeldBackTests(PostgresFixture postgres, EvmNodeFixture node)
{
    [Fact]
    public async Task AChangeThatAnotherTransactionHoldsBack_IsLookedForUntilThatEnds()
    {
        await using var it = await LaneBench.StartAsync(postgres, node);
        await using (var connection = new NpgsqlConnection(it.ConnectionString))
        {
            await connection.OpenAsync(LaneBench.Cancellation);
            await using var transaction = await connection.BeginTransactionAsync(LaneBench.Cancellation);
            await using (var command = new NpgsqlCommand("select pg_current_xact_id()", connection, transaction))
                await command.ExecuteNonQueryAsync(LaneBench.Cancellation);
            await it.ChangeAsync();

            for (var i = 0; i < 3; i++)
                Assert.Equal((LaneStep.Again, 0), (await it.Pump.StepAsync(LaneBench.Cancellation), it.Pump.OpenCount));
            // Operators see that it waits, whatever holds it back.
            Assert.Equal(1, it.Pump.Waiting.Rows);
        }
        Assert.Equal(1, (await it.HoldsAsync()).Rows);
    }
}
