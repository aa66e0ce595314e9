using Hrms.Contracts;
using Hrms.Domain.Patients;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Patients;

/// <summary>Which of a patient's tokens are still good, and who may end them all.</summary>
public sealed class TokenRulesTests
{
    private static readonly PatientId Ana = PatientGens.Ana;
    private static readonly PatientState Registered = PatientState.Initial(Ana).After([new PatientRegistered(Now, Ana, Actor.Patient(Ana))], 1);
    private static readonly EndTokens Command = new(new CommandId(Id(900)), new Asker(Actor.Patient(Ana), PurposeOfUse.PATRQT));

    [Fact]
    public void Ending_RaisesTheEpoch_OnceForEachWish()
    {
        var ended = Assert.IsType<TokensEnded>(Assert.Single(TokenRules.End(Registered, Command, Now).Events));
        var after = Registered.After([ended], 2);
        Assert.Equal(new TokenEpoch(1, Now), after.Tokens);
        Assert.Empty(TokenRules.End(after, Command, Now.AddHours(1)).Events);
        var again = Assert.IsType<TokensEnded>(Assert.Single(TokenRules.End(after, Command with { Command = new CommandId(Id(901)) }, Now.AddHours(1)).Events));
        Assert.Equal(2, again.Epoch);
        Assert.Empty(TokenRules.End(after.After([again], 3), Command, Now).Events);
    }

    [Fact]
    public void OnlyThePatientInPerson_AndTheAccountsServer_EndTokens()
    {
        Asker server = new(new Actor(ActorKind.Operator, Id(7)), PurposeOfUse.PATRQT), scoped = Command.Asker with { Scope = new AppScope([], Ana) };
        Assert.Single(TokenRules.End(Registered, Command with { Asker = server }, Now).Events);
        foreach (var other in new[] { new Asker(DrLee, PurposeOfUse.TREAT), Command.Asker with { OnBehalfOf = Actor.Patient(Ana) }, scoped, server with { Scope = scoped.Scope }, server with { Token = new TokenFacts(null, null, null) } })
            Assert.Equal(RefusalCode.NotFound, TokenRules.End(Registered, Command with { Asker = other }, Now).Refusal?.Code);
        Assert.Equal(RefusalCode.NotFound, TokenRules.End(PatientState.Initial(Ana), Command with { Asker = server }, Now).Refusal?.Code);
    }

    [Fact]
    public void RememberedCommands_AreBounded()
    {
        var state = Enumerable.Range(1, 100).Aggregate(Registered, (state, i) => state.After([new TokensEnded(Now, i, Command.Asker.Actor, new CommandId(Id(i)))], i + 1));
        Assert.Equal(TokenRules.CommandsKept, state.TokensEndedBy.Count);
        Assert.Contains(new CommandId(Id(100)), state.TokensEndedBy);
        Assert.Equal(100, PatientSnapshot.Of(state).Restore().Tokens.Number);
    }

    [Fact]
    public void ATokenThatNamesItsEpoch_GoesByIt_AnotherOneByWhenItWasIssued_AndInDoubtItIsEnded()
    {
        TokenEpoch first = TokenEpoch.First, second = new(2, Now);
        Assert.False(first.Ended(null));
        Assert.False(first.Ended(new TokenFacts(0, null, null)));
        Assert.True(second.Ended(null));
        Assert.True(second.Ended(new TokenFacts(null, null, null)));
        Assert.True(second.Ended(new TokenFacts(1, Now.AddDays(1), null)));
        Assert.False(second.Ended(new TokenFacts(2, null, null)));
        Assert.False(second.Ended(new TokenFacts(3, Now.AddDays(-1), null)));
        Assert.True(second.Ended(new TokenFacts(null, Now.AddSeconds(-1), null)));
        Assert.True(second.Ended(new TokenFacts(null, Now, null)));
        Assert.False(second.Ended(new TokenFacts(null, Now.AddSeconds(1), null)));
    }
}
