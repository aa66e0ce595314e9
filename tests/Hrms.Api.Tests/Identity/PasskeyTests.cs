using System.Text.Json;
using Hrms.Api.Tests.EndToEnd;

namespace Hrms.Api.Tests.Identity;

/// <summary>A passkey signs its owner in, on our own pages alone, once for each question, and never without the owner's finger, face or PIN.</summary>
[Collection(nameof(TimeTravel))]
public sealed class PasskeyTests(HrmsFixture hrms)
{
    [Fact]
    public async Task Passkey_SignsItsOwnerIn()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var passkey = await ana.AddsPasskeyAsync(hrms);
        using var elsewhere = await Browser.OpenAsync(hrms);
        Assert.Equal("Your account", (await elsewhere.SignsInAsync(passkey)).Title);
        Assert.True(elsewhere.Page.Says(ana.Email));
    }

    [Fact]
    public async Task Passkey_SignsItsOwnerIn_WhileWrongPasswordsKeepTheAccountLocked()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var passkey = await ana.AddsPasskeyAsync(hrms);
        using var thief = await Browser.OpenAsync(hrms);
        for (var i = 0; i < 10; i++)
        {
            await thief.GoesToAsync("/account/sign-in");
            await thief.SendsAsync("/account/sign-in", ("email", ana.Email), ("password", $"not this one, nor {i}"));
        }
        using var elsewhere = await Browser.OpenAsync(hrms);
        Assert.Equal("Your account", (await elsewhere.SignsInAsync(passkey)).Title);
    }

    [Fact]
    public async Task AnswerThatWasUsed_IsNotGoodAgain()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var passkey = await ana.AddsPasskeyAsync(hrms);
        using var thief = await Browser.OpenAsync(hrms);
        var answer = passkey.Gets(await thief.QuestionAsync());
        await thief.SendsAsync("/account/sign-in/passkey", ("credential", answer));
        await thief.SendsAsync("/account/sign-out");
        await thief.QuestionAsync();
        Assert.Equal("Sign in", (await thief.SendsAsync("/account/sign-in/passkey", ("credential", answer))).Title);
    }

    [Fact]
    public async Task AnswerToNoQuestionOfOurs_IsRefused()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var passkey = await ana.AddsPasskeyAsync(hrms);
        using var asked = await Browser.OpenAsync(hrms);
        using var other = await Browser.OpenAsync(hrms);
        var answer = passkey.Gets(await asked.QuestionAsync());
        await other.GoesToAsync("/account/sign-in");
        Assert.Equal("Sign in", (await other.SendsAsync("/account/sign-in/passkey", ("credential", answer))).Title);
    }

    [Theory]
    [InlineData("https://elsewhere.example"), InlineData("http://sub.localhost"), InlineData("null")]
    public async Task PageOfAnotherSite_GetsNobodyIn(string origin)
    {
        using var ana = await Person.SignedInAsync(hrms);
        var passkey = await ana.AddsPasskeyAsync(hrms);
        passkey.Origin = origin;
        using var thief = await Browser.OpenAsync(hrms);
        Assert.Equal("Sign in", (await thief.SignsInAsync(passkey)).Title);
    }

    [Fact]
    public async Task WithoutTheOwnersFingerFaceOrPin_APasskeyIsNeitherTakenNorAdded()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var passkey = await ana.AddsPasskeyAsync(hrms);
        passkey.VerifiesItsUser = false;
        using var thief = await Browser.OpenAsync(hrms);
        Assert.Equal("Sign in", (await thief.SignsInAsync(passkey)).Title);

        var weak = await hrms.AuthenticatorAsync();
        weak.VerifiesItsUser = false;
        Assert.True((await ana.TriesToAddAsync(weak)).Says("The passkey was not added."));
    }

    [Fact]
    public async Task TheDomainOfPasskeys_IsOurs_WhateverTheHostHeaderSays()
    {
        using var ana = await Person.SignedInAsync(hrms);
        using var browser = await Browser.OpenAsync(hrms);
        await browser.GoesToAsync("/account/sign-in");
        var question = JsonElement.Parse(await browser.FetchesAsync("/account/sign-in/passkey", "/account/sign-in/passkey/options", host: "elsewhere.example"));
        Assert.Equal("localhost", question.GetProperty("rpId").GetString());
        Assert.Equal("required", question.GetProperty("userVerification").GetString());
    }

    [Fact]
    public async Task RemovedPasskey_IsNoWayIn()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var passkey = await ana.AddsPasskeyAsync(hrms);
        await ana.Browser.SendsAsync("/account/passkeys/remove");
        using var elsewhere = await Browser.OpenAsync(hrms);
        Assert.Equal("Sign in", (await elsewhere.SignsInAsync(passkey)).Title);
    }

    [Fact]
    public async Task TheOnlyWayIn_CantBeRemoved_UntilThereIsAnother()
    {
        var (ana, passkey) = await hrms.WithAPasskeyAloneAsync();
        using var _ = ana;
        await ana.Browser.GoesToAsync("/account/passkeys");
        Assert.True((await ana.Browser.SendsAsync("/account/passkeys/remove")).Says("This is the only way into your account. Add another one first."));
        using var elsewhere = await Browser.OpenAsync(hrms);
        Assert.Equal("Your account", (await elsewhere.SignsInAsync(passkey)).Title);

        var second = await ana.AddsPasskeyAsync(hrms);
        Assert.False((await ana.RemovesAsync(passkey)).Says("only way"));
        Assert.True((await ana.RemovesAsync(second)).Says("This is the only way into your account."));
        using var again = await Browser.OpenAsync(hrms);
        Assert.Equal("Sign in", (await again.SignsInAsync(passkey)).Title);
        Assert.Equal("Your account", (await again.SignsInAsync(second)).Title);
    }

    [Fact]
    public async Task OfTwoPasskeysThatAreRemovedAtOnce_OneStays()
    {
        for (var i = 0; i < 5; i++)
        {
            var (ana, first) = await hrms.WithAPasskeyAloneAsync();
            using var _ = ana;
            var second = await ana.AddsPasskeyAsync(hrms);
            using var other = await Browser.OpenAsync(hrms);
            await other.SignsInAsync(second);
            await Task.WhenAll(new[] { ana.Browser, other }.Select(browser => browser.GoesToAsync("/account/passkeys")));
            await Task.WhenAll(
                ana.Browser.SendsAsync("/account/passkeys/remove", ("id", first.CredentialId)), other.SendsAsync("/account/passkeys/remove", ("id", second.CredentialId)));

            using var elsewhere = await Browser.OpenAsync(hrms);
            string[] shown = [(await elsewhere.SignsInAsync(first)).Title, (await elsewhere.SignsInAsync(second)).Title];
            Assert.Equal(["Sign in", "Your account"], shown.Order(StringComparer.Ordinal));
        }
    }

    /// <summary>Web Authentication, level 3, section 7.2, step 22: two hold the same key. The owner's own goes on.</summary>
    [Fact]
    public async Task ACopyOfAPasskey_IsNotTaken_OnceTheOwnersHasCountedOn()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var passkey = await ana.AddsPasskeyAsync(hrms);
        var copied = passkey.Count;
        using var owner = await Browser.OpenAsync(hrms);
        Assert.Equal("Your account", (await owner.SignsInAsync(passkey)).Title);
        var counted = passkey.Count;

        passkey.Count = copied;
        using var thief = await Browser.OpenAsync(hrms);
        Assert.True((await thief.SignsInAsync(passkey)).Says("The passkey was not taken."));
        passkey.Count = copied - 1;
        Assert.Equal("Sign in", (await thief.SignsInAsync(passkey)).Title);

        passkey.Count = counted;
        Assert.Equal("Your account", (await owner.SignsInAsync(passkey)).Title);
    }

    [Fact]
    public async Task ABrowserThatWasLeftSignedIn_AddsNoPasskey()
    {
        using var ana = await Person.SignedInAsync(hrms);
        await ana.Browser.GoesToAsync("/account/passkeys");
        hrms.Clock.Advance(TimeSpan.FromMinutes(11));
        await Assert.ThrowsAsync<HttpRequestException>(() => ana.Browser.FetchesAsync("/account/passkeys", "/account/passkeys/options"));
    }
}
