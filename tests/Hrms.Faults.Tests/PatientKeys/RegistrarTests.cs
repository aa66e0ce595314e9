using Hrms.Contracts;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Grains.Ledger;

namespace Hrms.Faults.Tests.PatientKeys;

/// <summary>Patients' keys come to the ledger once each, whatever fails; and nothing that the ledger shows tells whose they are or when they were made.</summary>
public sealed class RegistrarTests(PostgresFixture postgres, EvmNodeFixture node) : IClassFixture<EvmNodeFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EachKey_IsRegisteredOnce_WhateverFailsInBetween()
    {
        await using var it = await PatientKeyBench.StartAsync(postgres, node);
        var keys = new List<byte[]>();
        foreach (var point in Fault.OfPatientKeys.Except([Fault.AfterPatientKeyDurable]))
        {
            var left = 1;
            Fault.Handle(passed => passed == point && Interlocked.Decrement(ref left) >= 0 ? throw new IOException($"planned at {point}") : default);
            try
            {
                keys.AddRange([await it.AddAsync(), await it.AddAsync()]);
                await it.QuietAsync();
            }
            finally
            {
                Fault.Handle(null);
            }
            Assert.True(left <= 0, $"Nothing passed {point}.");
            // As after a kill: a registrar that knows nothing of the one before.
            it.NewPump();
            await it.QuietAsync();
        }

        Assert.Equal(Texts(keys), (await it.ShownAsync()).Select(shown => shown.Pseudonym).Order());
        Assert.All(await it.Queue.StatesAsync(keys, Cancellation), state => Assert.Equal(PatientKeyAnchoring.Registered, state));
        Assert.Single((await it.SendersAsync()).Distinct());
    }

    [Fact]
    public async Task AKeyWhoseTransactionCantBeMined_IsSignedAgain_AndAChainThatForgot_GetsTheSameBytes()
    {
        await using var it = await PatientKeyBench.StartAsync(postgres, node);
        var first = await it.AddAsync();
        await it.QuietAsync();

        // Somebody else's transaction takes the nonce while ours is stored and not sent.
        var taken = false;
        Fault.Handle(async point =>
        {
            if (point == Fault.AfterPatientKeyStored && !taken)
            {
                taken = true;
                await it.UseNonceAsync();
            }
        });
        var second = await it.AddAsync();
        try
        {
            await it.QuietAsync();
        }
        finally
        {
            Fault.Handle(null);
        }
        Assert.Equal([Hex.Of(first), Hex.Of(second)], (await it.ShownAsync()).Select(shown => shown.Pseudonym));

        await it.RpcAsync("anvil_reorg", 1, Array.Empty<object>());
        Assert.Equal([Hex.Of(first)], (await it.ShownAsync()).Select(shown => shown.Pseudonym));
        it.NewPump();
        await it.UntilShownAsync(2);
        Assert.Equal([Hex.Of(first), Hex.Of(second)], (await it.ShownAsync()).Select(shown => shown.Pseudonym));
    }

    /// <summary>More than it is sent at once.</summary>
    [Fact]
    [Trait("Fault", "F07")]
    public async Task AChainThatForgotAll_GetsAllOfThemAgain()
    {
        await using var it = await PatientKeyBench.StartAsync(postgres, node);
        (it.Options.FixedCadence, it.Options.PatientKeyCadence) = (true, TimeSpan.FromMilliseconds(1));
        await it.UntilShownAsync(NonceGap.AtOnce + 6);
        it.Options.FixedCadence = false;
        await it.QuietAsync();
        var shown = await it.ShownAsync();

        await node.Node.KillAsync();
        await node.Node.RestartAsync(Cancellation);
        it.NewPump();
        await it.QuietAsync();

        Assert.Equal(shown, await it.ShownAsync());
    }

    [Fact]
    public async Task WhatIsTakenOutBeforeItIsSigned_NeverComes_AndAnotherIsRetired_Once()
    {
        await using var it = await PatientKeyBench.StartAsync(postgres, node);
        var (stays, ends) = (await it.AddAsync(), await it.AddAsync());
        await it.QuietAsync();
        var (retired, erased) = (await it.AddAsync(), await it.AddAsync());
        await it.Queue.RetireAsync(retired, Cancellation);
        await it.Queue.ForgetAsync([erased, stays], Cancellation);
        await it.Queue.RetireAsync(ends, Cancellation);
        // A repeat, late, of what was put in before changes nothing.
        foreach (var late in new[] { retired, erased, ends })
            await it.Queue.AddAsync(late, new byte[32], Cancellation);
        await it.Queue.RetireAsync(ends, Cancellation);
        await it.QuietAsync();
        // A development node tells of its newest block's events a moment after its state.
        await it.UntilShownAsync(3);

        var shown = await it.ShownAsync();
        Assert.Equal(Texts([stays, ends]), shown.Take(2).Select(one => one.Pseudonym).Order());
        Assert.Equal([(Hex.Of(ends), true)], shown.Skip(2));
        Assert.Equal(
            [PatientKeyAnchoring.Registered, PatientKeyAnchoring.Retired, PatientKeyAnchoring.Absent, PatientKeyAnchoring.Absent], await it.Queue.StatesAsync([stays, ends, retired, erased], Cancellation));
    }

    /// <summary>Many register at one moment and nobody for long: the chain shows the same, one key at each tick, in no order of theirs.</summary>
    [Fact]
    [Trait("Feature", "85")]
    [Trait("Feature", "86")]
    public async Task WithAFixedCadence_TheChainShowsOneKeyAtEachTick_WhetherAnyoneRegisteredOrNot()
    {
        await using var it = await PatientKeyBench.StartAsync(postgres, node);
        (it.Options.FixedCadence, it.Options.PatientKeyCadence) = (true, TimeSpan.FromMilliseconds(1));
        await it.UntilShownAsync(3);
        var before = await it.ShownAsync();
        List<byte[]> keys = [];
        for (var i = 0; i < 12; i++)
            keys.Add(await it.AddAsync());
        await it.UntilShownAsync(before.Count + 20);

        var shown = (await it.ShownAsync()).Select(one => one.Pseudonym).ToList();
        Assert.Equal(shown.Count, shown.Distinct().Count());
        var order = keys.Select(key => shown.IndexOf(Hex.Of(key))).ToList();
        Assert.DoesNotContain(-1, order);
        // In one of 479 million runs they would come in the order in which they were made.
        Assert.NotEqual(order.Order(), order);
        Assert.Single((await it.SendersAsync()).Distinct());
    }

    [Fact]
    public async Task ARegistrarThatWasOvertaken_StoresNothingMore()
    {
        await using var it = await PatientKeyBench.StartAsync(postgres, node);
        await it.AddAsync();
        await it.QuietAsync();
        var old = it.Pump;
        it.NewPump();
        var key = await it.AddAsync();
        await it.QuietAsync();
        await it.AddAsync();

        Assert.Equal(LaneStep.Lost, await old.StepAsync(Cancellation));
        Assert.Contains((Hex.Of(key), false), await it.ShownAsync());
    }

    private static IEnumerable<string> Texts(IEnumerable<byte[]> keys) => keys.Select(key => Hex.Of(key)).Order();
}
