using System.Security.Cryptography;
using System.Text.Encodings.Web;
using Hrms.Contracts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Hrms.Api.Ingestion.Signatures;

/// <summary>
/// Who sends a request is the device whose key has signed it (RFC 9421). The device's grain knows the key, and its patient's grain whether it may still send; both are asked each
/// time. What is wrong with a request is not said: one answer for all of it.
/// </summary>
internal sealed class DeviceSignatureHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IGrainFactory grains, TimeProvider clock)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Name = "device-signature";

    /// <summary>Ids that are looked up at one time: anybody may name any, and each costs a question to the database. More are told "busy".</summary>
    private const int LookUpsMax = 64;

    private static readonly SemaphoreSlim LookUps = new(LookUpsMax);

    // An unknown device takes the time of a known one.
    private static readonly byte[] NobodysKey = NewKey();

    private bool _isBusy;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (SignedRequest.Of(Request, SignedRequest.OfUpload, clock.GetUtcNow()) is not { Signature.KeyId: { } keyId } signed || !Guid.TryParseExact(keyId, "D", out var id))
            return AuthenticateResult.NoResult();
        _isBusy = !LookUps.Wait(0);
        if (_isBusy)
            return AuthenticateResult.NoResult();
        DeviceIdentity? known;
        try
        {
            known = await grains.Grain<IDeviceGrain>(id).IdentityAsync().WaitAsync(Context.RequestAborted);
        }
        finally
        {
            LookUps.Release();
        }
        return signed.IsBy(known?.PublicKey ?? NobodysKey) && known is not null
            ? AuthenticateResult.Success(new AuthenticationTicket(DeviceClaims.PrincipalOf(new DeviceId(id), known.Patient, signed.Digest, Name), Name))
            : AuthenticateResult.NoResult();
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_isBusy)
            return IngestionAnswer.WriteAsync(Response, IngestionProblem.Busy);
        return IngestionAnswer.WriteAsync(Response, IngestionProblem.NotSigned(SignedRequest.OfUpload));
    }

    private static byte[] NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportSubjectPublicKeyInfo();
    }
}
