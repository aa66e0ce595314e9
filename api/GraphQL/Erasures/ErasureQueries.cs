using GraphQL;
using Hrms.Api.GraphQL.Http;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Erasures;

public sealed class ErasureQueries
{
    [LookUp, Description("The certificate of an erasure, for whoever knows its random id.")]
    public static Task<ErasureCertificateType?> ErasureCertificate([Id] Guid id, IResolveFieldContext context) =>
        ErasureCertificateType.Grain(context, id).ViewAsync().OrNull(certificate => new ErasureCertificateType(certificate));
}

/// <summary>Says that a record was erased, and names nobody.</summary>
[Name("ErasureCertificate")]
public sealed class ErasureCertificateType(ErasureCertificate certificate)
{
    [Id, Description("Random.")]
    public Guid Id => certificate.Certificate;

    public DateTimeOffset ErasedAt => certificate.ErasedAt;

    [Description("The key (RFC 7638 thumbprint) of the consortium's member that erased it.")]
    public string Member => certificate.Member;

    [Description("A bundle that proves to anybody that the certificate is on the ledger; an error WRONG_STATE until it is.")]
    public Task<string?> Proof(IResolveFieldContext context) => Grain(context, Id).ProveAsync().OrNull(bundle => bundle);

    internal static IErasureGrain Grain(IResolveFieldContext context, Guid id) =>
        context.RequestServices!.GetRequiredService<IGrainFactory>().GetGrain<IErasureGrain>(id);
}
