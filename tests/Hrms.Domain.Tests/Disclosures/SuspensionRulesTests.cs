using Hrms.Contracts;
using Hrms.Domain.Disclosures;
using Hrms.Domain.Patients;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Disclosures;

/// <summary>Who may enter an official body's statement, and how long it holds (45 CFR 164.528(a)(2)).</summary>
[Trait("Feature", "48")]
public sealed class SuspensionRulesTests
{
    private static readonly PatientId Ana = new(Id(100));
    private static readonly PatientState Registered = PatientState.Initial(Ana).After([new PatientRegistered(Now.AddYears(-1), Ana, Actor.Patient(Ana))], 1);
    private static readonly Asker Clerk = new(new Actor(ActorKind.Operator, Id(7)), PurposeOfUse.HOPERAT);
    private static readonly SuspendDisclosures Written = new(
        new CommandId(Id(900)), Clerk, new ProviderId(Id(3)), StatementForm.Written, "Inspector Roe", "File 7/2026", Now.AddDays(-1), Now.AddDays(90));

    [Fact]
    public void AWrittenStatement_IsKeptAsItWasMade_AndARepeatChangesNothing()
    {
        var entered = Assert.IsType<DisclosuresSuspended>(Assert.Single(Enter(Registered, Written).Events));
        var after = Registered.After([entered], 2);

        Assert.Equal(
            new DisclosureSuspension(SuspensionId.From(Written.Command), CityHospital, StatementForm.Written, "Inspector Roe", "File 7/2026", Now.AddDays(-1), Now, Now.AddDays(90), Clerk.Actor),
            Assert.Single(after.Suspensions));
        Assert.Empty(Enter(after, Written).Events);
        Assert.Null(Enter(after, Written).Refusal);
        Assert.Equal(RefusalCode.CommandReused, Enter(after, Written with { Until = Now.AddDays(91) }).Refusal?.Code);
        Assert.Equal(after.PolicyVersion, Registered.PolicyVersion);
    }

    [Fact]
    public void AnOfficial_MayBeMeantAlone() => Assert.Equal(
        DrLee, Assert.IsType<DisclosuresSuspended>(Assert.Single(SuspensionRules.Suspend(Registered, Written with { Body = new ProviderId(Id(1)) }, ProviderKind.Practitioner, Now).Events)).Suspension.Body);

    [Fact]
    public void ForEverybodyButAnOperator_ThereIsNoSuchPatient()
    {
        foreach (var kind in Enum.GetValues<ActorKind>().Where(kind => kind != ActorKind.Operator))
            Assert.Equal(RefusalCode.NotFound, Enter(Registered, Written with { Asker = new Asker(new Actor(kind, Id(3)), PurposeOfUse.HOPERAT) }).Refusal?.Code);
        Assert.Equal(RefusalCode.NotFound, Enter(PatientState.Initial(Ana), Written).Refusal?.Code);
    }

    [Fact]
    public void AnOralStatement_HoldsForThirtyDaysFromWhenItWasMade_AndNotForATickMore()
    {
        var oral = Written with { Form = StatementForm.Oral, Until = Written.StatedAt + TimeSpan.FromDays(30) };

        Assert.Single(Enter(Registered, oral).Events);
        Assert.Equal("until", Enter(Registered, oral with { Until = oral.Until.AddTicks(1) }).Refusal?.Place);
        Assert.Single(Enter(Registered, oral with { Form = StatementForm.Written, Until = oral.Until.AddTicks(1) }).Events);
    }

    [Fact]
    public void AWrittenStatement_HoldsForSixYearsAtMost()
    {
        Assert.Single(Enter(Registered, Written with { Until = Written.StatedAt.AddYears(6) }).Events);
        Assert.Equal("until", Enter(Registered, Written with { Until = Written.StatedAt.AddYears(6).AddTicks(1) }).Refusal?.Place);
    }

    [Fact]
    public void WhatIsWrong_IsNamed_AndChangesNothing()
    {
        (string Place, SuspendDisclosures Command, ProviderKind? Body)[] wrong =
        [
            ("body", Written, null), ("body", Written, ProviderKind.CareTeam), ("official", Written with { Official = " " }, ProviderKind.Organization),
            ("official", Written with { Official = new string('x', Limits.OfficialLengthMax + 1) }, ProviderKind.Organization), ("statement", Written with { Statement = "" }, ProviderKind.Organization),
            ("statement", Written with { Statement = new string('x', Limits.ReasonLengthMax + 1) }, ProviderKind.Organization),
            ("statedAt", Written with { StatedAt = Now.AddTicks(1) }, ProviderKind.Organization), ("until", Written with { Until = Now }, ProviderKind.Organization),
        ];
        foreach (var (place, command, body) in wrong)
        {
            var decided = SuspensionRules.Suspend(Registered, command, body, Now);
            Assert.Equal((RefusalCode.Invalid, place, 0), (decided.Refusal?.Code, decided.Refusal?.Place, decided.Events.Count));
        }
        var atTheLimits = Written with { Official = new string('x', Limits.OfficialLengthMax), Statement = new string('x', Limits.ReasonLengthMax), StatedAt = Now, Until = Now.AddTicks(1) };
        Assert.Single(Enter(Registered, atTheLimits).Events);
    }

    [Fact]
    public void AHistory_HoldsSoManyStatements_AndNoMore()
    {
        var full = Enumerable.Range(1, Limits.SuspensionsMax).Aggregate(Registered, (state, i) =>
        {
            var entered = Enter(state, Written with { Command = new CommandId(Id(i)) });
            return state.After(entered.Events, i + 1);
        });

        Assert.Equal(Limits.SuspensionsMax, full.Suspensions.Count);
        Assert.Equal(RefusalCode.LimitExceeded, Enter(full, Written with { Command = new CommandId(Id(2_000)) }).Refusal?.Code);
    }

    private static Decided<PatientEvent> Enter(PatientState state, SuspendDisclosures command) => SuspensionRules.Suspend(state, command, ProviderKind.Organization, Now);
}
