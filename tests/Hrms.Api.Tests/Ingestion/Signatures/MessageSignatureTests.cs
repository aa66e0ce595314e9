using System.Security.Cryptography;
using System.Text;
using Hrms.Api.Ingestion.Signatures;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Hrms.Api.Tests.Ingestion.Signatures;

/// <summary>Signatures as RFC 9421 prints them (appendix B), and what is none.</summary>
[Trait("Feature", "78")]
public sealed class MessageSignatureTests
{
    private const string Sha512 = "sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:";
    private const string Input = "sig-b24=(\"@status\" \"content-type\" \"content-digest\" \"content-length\");created=1618884473;keyid=\"test-key-ecc-p256\"";
    private const string Signature = "sig-b24=:wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==:";

    /// <summary>B.1.3: test-key-ecc-p256.</summary>
    private const string Key = """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lf
        w0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==
        -----END PUBLIC KEY-----
        """;

    /// <summary>B.2: the test response.</summary>
    private static readonly Dictionary<string, string> Response = new()
    {
        ["@status"] = "200", ["content-type"] = "application/json", ["content-digest"] = Sha512, ["content-length"] = "23",
    };

    [Fact]
    public void TheStandardsOwnSignature_IsOfItsKey_AndOfNothingElse()
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(Key);
        var signature = MessageSignature.Read(Input, Signature)!;
        var signed = signature.BaseOf(Response.GetValueOrDefault)!;

        Assert.True(signature.IsBy(key, signed));
        Assert.Equal(("test-key-ecc-p256", 1_618_884_473), (signature.KeyId, signature.Created.ToUnixTimeSeconds()));
        for (var i = 0; i < signed.Length; i++)
        {
            signed[i] ^= 1;
            Assert.False(signature.IsBy(key, signed));
            signed[i] ^= 1;
        }
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.False(signature.IsBy(other, signed));
    }

    /// <summary>B.2.5: a request, by a key that both know; the base is the same for every algorithm.</summary>
    [Fact]
    public void TheBaseOfARequest_IsTheStandards()
    {
        var signature = MessageSignature.Read("sig-b25=(\"date\" \"@authority\" \"content-type\");created=1618884473;keyid=\"test-shared-secret\"", Signature.Replace("b24", "b25"))!;
        var mac = HMACSHA256.HashData(
            Convert.FromBase64String("uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=="),
            signature.BaseOf(name => MessageSignature.ComponentOf(TestRequest(), name))!);

        Assert.Equal("pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=", Convert.ToBase64String(mac));
    }

    /// <summary>Sections 2.2.1 to 2.2.7, of the test request.</summary>
    [Theory]
    [InlineData("@method", "POST")]
    [InlineData("@authority", "example.com")]
    [InlineData("@scheme", "https")]
    [InlineData("@path", "/foo")]
    [InlineData("@query", "?param=Value&Pet=dog")]
    [InlineData("@request-target", "/foo?param=Value&Pet=dog")]
    [InlineData("@target-uri", "https://example.com/foo?param=Value&Pet=dog")]
    [InlineData("@query-param", null)]
    [InlineData("@status", null)]
    [InlineData("date", "Tue, 20 Apr 2021 02:07:55 GMT")]
    [InlineData("x-lines", "one, two")]
    [InlineData("absent", null)]
    public void AComponentsValue_IsAsTheStandardSays(string name, string? value) => Assert.Equal(value, MessageSignature.ComponentOf(TestRequest(), name));

    [Theory]
    [InlineData("EXAMPLE.com:443", "https", "example.com")]
    [InlineData("example.com:80", "https", "example.com:80")]
    [InlineData("example.com:80", "http", "example.com")]
    [InlineData("127.0.0.1:5080", "http", "127.0.0.1:5080")]
    public void TheAuthority_HasNoPortThatItsSchemeHasAnyway(string host, string scheme, string authority)
    {
        var request = TestRequest();
        (request.Scheme, request.Host) = (scheme, new HostString(host));
        Assert.Equal(authority, MessageSignature.ComponentOf(request, "@authority"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sig-b24")]
    [InlineData("sig-b24=()")]
    [InlineData("sig-b24=();keyid=\"k\"")]
    [InlineData("sig-b24=(\"a\");created=1;created=2")]
    [InlineData("sig-b24=(\"a\" \"a\");created=1")]
    [InlineData("sig-b24=(\"a\"  \"b\");created=1")]
    [InlineData("sig-b24=(\"a\";bs);created=1")]
    [InlineData("sig-b24=(\"A\");created=1")]
    [InlineData("sig-b24=(a);created=1")]
    [InlineData("sig-b24=(\"a\");created=1.5")]
    [InlineData("sig-b24=(\"a\");created=-1")]
    [InlineData("sig-b24=(\"a\");created=999999999999999")]
    [InlineData("sig-b24=(\"a\");created=\"soon\"")]
    [InlineData("sig-b24=(\"a\");created=1;expires=\"soon\"")]
    [InlineData("sig-b24=(\"a\");created=1;alg=\"hmac-sha256\"")]
    [InlineData("sig-b24=(\"a\");created=1;tag")]
    [InlineData("sig-b24=(\"a\");created=1;keyid=\"a\\\"b\"")]
    [InlineData("sig-b24=(\"a\");created=1, other=(\"b\");created=2")]
    [InlineData("other=(\"a\");created=1")]
    [InlineData("sig-b24=(\"a\");created=1\n")]
    public void WhatIsNoSignatureOfOurs_IsNone(string input) => Assert.Null(MessageSignature.Read(input, Signature));

    [Theory]
    [InlineData("")]
    [InlineData("sig-b24=::")]
    [InlineData("sig-b24=:AAAA:")]
    [InlineData("sig-b24=:wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiaswAA:")]
    [InlineData("sig-b24=wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==")]
    public void WhatHasNotTheLengthOfASignature_IsNone(string signature) => Assert.Null(MessageSignature.Read(Input, signature));

    [Fact]
    public void SeveralFields_OrNone_AreNoSignature()
    {
        Assert.Null(MessageSignature.Read(new StringValues([Input, Input]), Signature));
        Assert.Null(MessageSignature.Read(Input, new StringValues([Signature, Signature])));
        Assert.Null(MessageSignature.Read(StringValues.Empty, StringValues.Empty));
        Assert.Null(MessageSignature.Read($"sig-b24=({string.Join(' ', Enumerable.Range(0, 33).Select(i => $"\"c{i}\""))});created=1", Signature));
        Assert.Null(MessageSignature.Read(Input + ";nonce=\"" + new string('n', 5_000) + "\"", Signature));
    }

    [Fact]
    public void AComponent_ThatIsNotThere_OrIsMoreThanALineOfAscii_GivesNoBase()
    {
        var signature = MessageSignature.Read(Input, Signature)!;
        Assert.Null(signature.BaseOf(name => name == "content-type" ? null : "x"));
        Assert.Null(signature.BaseOf(name => name == "content-type" ? "a\nb" : "x"));
        Assert.Null(signature.BaseOf(name => name == "content-type" ? "ä" : "x"));
    }

    /// <summary>RFC 9421, B.2, and RFC 9530, appendix A: of the same content.</summary>
    [Theory]
    [InlineData("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:", true)]
    [InlineData("sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:, sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:", true)]
    [InlineData("sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:", false)]
    [InlineData("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:, sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:", false)]
    [InlineData("sha-256=:AAAA:", false)]
    [InlineData("sha-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=", false)]
    [InlineData("", false)]
    public void ADigest_IsReadFromItsField(string field, bool known)
    {
        var digest = ContentDigest.Sha256Of(field);
        if (known)
            Assert.Equal(SHA256.HashData("{\"hello\": \"world\"}"u8), digest);
        else
            Assert.Null(digest);
    }

    /// <summary>Whatever stands in the fields, reading them ends, and without a fault.</summary>
    [Fact]
    public void Anything_IsReadWithoutAFault()
    {
        var random = new Random(20_261_130);
        const string Letters = "sig-b24=(\"@status\" content-;created=16keyid:,\\\t\u00e4\u0000)*";
        for (var i = 0; i < 20_000; i++)
        {
            var text = new StringBuilder(Input);
            for (var change = random.Next(1, 8); change > 0; change--)
            {
                var at = random.Next(text.Length);
                _ = random.Next(3) switch { 0 => text.Remove(at, 1), 1 => text.Insert(at, Letters[random.Next(Letters.Length)]), _ => text.Replace(text[at], Letters[random.Next(Letters.Length)], at, 1) };
            }
            if (MessageSignature.Read(text.ToString(), Signature) is { } read)
                Assert.StartsWith("(", read.Parameters, StringComparison.Ordinal);
            ContentDigest.Sha256Of(text.ToString());
        }
    }

    private static HttpRequest TestRequest()
    {
        var request = new DefaultHttpContext().Request;
        (request.Method, request.Scheme, request.Host, request.Path, request.QueryString) = ("POST", "https", new HostString("example.com"), "/foo", new QueryString("?param=Value&Pet=dog"));
        request.Headers.Date = "Tue, 20 Apr 2021 02:07:55 GMT";
        request.Headers.ContentType = "application/json";
        request.Headers["X-Lines"] = new StringValues([" one ", "two"]);
        return request;
    }
}
