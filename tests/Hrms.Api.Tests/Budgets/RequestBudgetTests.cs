using System.Net;
using Hrms.Api.Budgets;
using Hrms.Contracts;
using Microsoft.Extensions.Options;

namespace Hrms.Api.Tests.Budgets;

/// <summary>Everybody may cost so much in a minute, and no request is too large for ever.</summary>
[Trait("Feature", "67")]
public sealed class RequestBudgetTests : IDisposable
{
    private static readonly Payer Ana = new(ActorKind.Patient, Guid.NewGuid()), Ben = new(ActorKind.Patient, Guid.NewGuid());
    private readonly ManualClock _clock = new();
    private readonly RequestBudget _budget;

    public RequestBudgetTests() => _budget = new(Options.Create(new RequestBudgetOptions { CostPerMinute = 6_000, AnonymousCostPerMinute = 600 }), _clock);

    [Fact]
    public void AMinutesWorth_MayBeSpentAtOnce_AndThenNothing()
    {
        for (var i = 0; i < 60; i++)
            Assert.Null(_budget.Admit(Ana, 100));
        Assert.NotNull(_budget.Admit(Ana, 1));
    }

    [Fact]
    public void WhoComesBackWhenTold_IsLetIn_AndNotBefore()
    {
        _budget.Admit(Ana, 6_500);
        var wait = _budget.Admit(Ana, 1)!.Value;
        Assert.Equal(TimeSpan.FromSeconds(6), wait);

        _clock.Advance(wait - TimeSpan.FromSeconds(1.1));
        Assert.NotNull(_budget.Admit(Ana, 1));
        _clock.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Null(_budget.Admit(Ana, 1));
    }

    [Fact]
    public void WhatIsRefused_CostsNothing()
    {
        _budget.Admit(Ana, 6_000);
        var first = _budget.Admit(Ana, 1_000_000);
        Assert.Equal(first, _budget.Admit(Ana, 1_000_000));
    }

    [Fact]
    public void TheMostExpensiveRequest_IsLetInOnce_AndKeepsNobodyOutForMoreThanAMinute()
    {
        Assert.Null(_budget.Admit(Ana, long.MaxValue / 2));
        _budget.Charge(Ana, long.MaxValue / 2);
        Assert.InRange(_budget.Admit(Ana, 1)!.Value, TimeSpan.FromSeconds(59), TimeSpan.FromSeconds(61));
    }

    [Fact]
    public void ADebtOfTheAnswer_IsPaidBackFirst()
    {
        Assert.Null(_budget.Admit(Ana, 1));
        _budget.Charge(Ana, 8_999);
        Assert.Equal(TimeSpan.FromSeconds(31), _budget.Admit(Ana, 1));
    }

    [Fact]
    public void WhatOneSpends_IsNobodyElses()
    {
        _budget.Admit(Ana, 10_000);
        Assert.NotNull(_budget.Admit(Ana, 1));
        Assert.Null(_budget.Admit(Ben, 1));
        Assert.Null(_budget.Admit(Ana with { Party = ActorKind.Practitioner }, 1));
    }

    [Fact]
    public void AnAddress_HasLess_AndANetworkOfIpv6IsOneAddress()
    {
        Assert.Null(_budget.Admit(Payer.Of(IPAddress.Parse("2001:db8:1:2::1")), 600));
        Assert.NotNull(_budget.Admit(Payer.Of(IPAddress.Parse("2001:db8:1:2:ffff::7")), 1));
        Assert.Null(_budget.Admit(Payer.Of(IPAddress.Parse("2001:db8:1:3::1")), 1));
        Assert.NotEqual(Payer.Of(IPAddress.Parse("192.0.2.1")), Payer.Of(IPAddress.Parse("192.0.2.2")));
        Assert.Equal(Payer.Of(IPAddress.Parse("192.0.2.1")), Payer.Of(IPAddress.Parse("::ffff:192.0.2.1")));
    }

    [Fact]
    public void WhoHasPaid_IsForgotten_AndWhoHasNotIsNot()
    {
        _budget.Admit(Ana, long.MaxValue / 2);
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.NotNull(_budget.Admit(Ana, 1));
        Assert.Equal(1, _budget.Count);

        _clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(0, _budget.Count);
        Assert.Null(_budget.Admit(Ana, 1));
    }

    public void Dispose() => _budget.Dispose();
}
