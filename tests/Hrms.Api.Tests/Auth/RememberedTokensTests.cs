using System.Security.Claims;
using Hrms.Api.Auth;
using Hrms.Api.Tests.EndToEnd;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;

namespace Hrms.Api.Tests.Auth;

/// <summary>A token that was validated is not validated again for as long as it is valid; any other text is.</summary>
public sealed class RememberedTokensTests
{
    private static readonly AuthenticationScheme Scheme = new(JwtBearerDefaults.AuthenticationScheme, null, typeof(JwtBearerHandler));
    private readonly AdjustableClock _clock = new();
    private readonly RememberedTokens _remembered;

    public RememberedTokensTests() => _remembered = new RememberedTokens(_clock, TimeSpan.FromMinutes(1), entriesMax: 2);

    [Fact]
    public async Task ValidatedToken_IsKnown_WithItsClaims()
    {
        await ValidatedAsync("a.b.c", "ana");
        Assert.Equal("ana", await KnownAsync("a.b.c"));
    }

    [Theory]
    [InlineData("a.b.d")]
    [InlineData("a.b.c ")]
    [InlineData("A.b.c")]
    [InlineData("a.b")]
    [InlineData("")]
    public async Task AnyOtherText_IsNotKnown(string other)
    {
        await ValidatedAsync("a.b.c", "ana");
        Assert.Null(await KnownAsync(other));
    }

    [Fact]
    public async Task TokenThatWasNotValidated_IsNotKnown() => Assert.Null(await KnownAsync("a.b.c"));

    [Fact]
    public async Task Token_IsForgotten_WhenItsTimeIsOver()
    {
        await ValidatedAsync("a.b.c", "ana", TimeSpan.FromMinutes(10));
        _clock.Advance(TimeSpan.FromMinutes(10.9));
        Assert.Equal("ana", await KnownAsync("a.b.c"));
        _clock.Advance(TimeSpan.FromMinutes(0.2));
        Assert.Null(await KnownAsync("a.b.c"));
    }

    [Fact]
    public async Task MoreTokensThanEntries_AreValidatedAgain()
    {
        foreach (var token in new[] { "1.1.1", "2.2.2", "3.3.3" })
            await ValidatedAsync(token, token);
        Assert.Null(await KnownAsync("1.1.1"));
        Assert.Equal("3.3.3", await KnownAsync("3.3.3"));
    }

    private Task ValidatedAsync(string token, string subject, TimeSpan? validFor = null) => _remembered.TokenValidated(new TokenValidatedContext(Request(token), Scheme, new JwtBearerOptions())
    {
        Principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", subject)], "test")),
        SecurityToken = new ValidUntil((_clock.GetUtcNow() + (validFor ?? TimeSpan.FromHours(1))).UtcDateTime),
    });

    private async Task<string?> KnownAsync(string token)
    {
        var context = new MessageReceivedContext(Request(token), Scheme, new JwtBearerOptions());
        await _remembered.MessageReceived(context);
        return context.Result is { Succeeded: true, Principal: { } principal } ? principal.FindFirstValue("sub") : null;
    }

    private static DefaultHttpContext Request(string token) => new() { Request = { Headers = { Authorization = $"Bearer {token}" } } };

    private sealed class ValidUntil(DateTime until) : SecurityToken
    {
        public override string Id => "";

        public override string Issuer => "";

        public override SecurityKey? SecurityKey => null;

        public override SecurityKey? SigningKey { get; set; }

        public override DateTime ValidFrom => until.AddDays(-1);

        public override DateTime ValidTo => until;
    }
}
