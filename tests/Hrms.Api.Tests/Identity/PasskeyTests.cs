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
    public async Task ABrowserThatWasLeftSignedIn_AddsNoPasskey()
    {
        using var ana = await Person.SignedInAsync(hrms);
        await ana.Browser.GoesToAsync("/account/passkeys");
        hrms.Clock.Advance(TimeSpan.FromMinutes(11));
        await Assert.ThrowsAsync<HttpRequestException>(() => ana.Browser.FetchesAsync("/account/passkeys", "/account/passkeys/options"));
    }
}
