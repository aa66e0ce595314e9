using GraphQL;
using GraphQL.Resolvers;
using GraphQL.Types;
using Hrms.Api.GraphQL.BreakGlass;
using Hrms.Api.GraphQL.Consents;
using Hrms.Api.GraphQL.Delegates;
using Hrms.Api.GraphQL.Devices;
using Hrms.Api.GraphQL.Disclosures;
using Hrms.Api.GraphQL.Erasures;
using Hrms.Api.GraphQL.Holdings;
using Hrms.Api.GraphQL.Labels;
using Hrms.Api.GraphQL.Ledger;
using Hrms.Api.GraphQL.Organizations;
using Hrms.Api.GraphQL.PatientKeys;
using Hrms.Api.GraphQL.Patients;
using Hrms.Api.GraphQL.Policies;
using Hrms.Api.GraphQL.Providers;
using Hrms.Api.GraphQL.Records;
using Hrms.Api.GraphQL.Requests;
using Hrms.Api.GraphQL.Subscriptions;
using Hrms.Api.GraphQL.Templates;
using Hrms.Api.GraphQL.Tokens;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Schema;

/// <summary>The schema: each feature folder's queries, mutations and subscriptions under one root each. Committed as <c>schema.graphql</c>.</summary>
public sealed class HrmsSchema : global::GraphQL.Types.Schema
{
    public HrmsSchema(IServiceProvider services) : base(services)
    {
        RegisterTypeMapping(typeof(PurposeOfUse), typeof(PurposeOfUseGraphType));
        Query = Root("Query", new AutoRegisteringObjectGraphType<PatientQueries>(), new AutoRegisteringObjectGraphType<ProviderQueries>(),
            new AutoRegisteringObjectGraphType<HoldingQueries>(), new AutoRegisteringObjectGraphType<OrganizationQueries>(),
            new AutoRegisteringObjectGraphType<LedgerQueries>(), new AutoRegisteringObjectGraphType<FollowerQueries>(), new AutoRegisteringObjectGraphType<ErasureQueries>(), new AutoRegisteringObjectGraphType<GlassReviewQueries>());
        Mutation = Root("Mutation", new AutoRegisteringObjectGraphType<PatientMutations>(), new AutoRegisteringObjectGraphType<RecordMutations>(), new AutoRegisteringObjectGraphType<DeviceMutations>(),
            new AutoRegisteringObjectGraphType<ConsentMutations>(), new AutoRegisteringObjectGraphType<HoldingMutations>(), new AutoRegisteringObjectGraphType<RequestMutations>(),
            new AutoRegisteringObjectGraphType<TemplateMutations>(), new AutoRegisteringObjectGraphType<ProviderMutations>(), new AutoRegisteringObjectGraphType<LabelMutations>(),
            new AutoRegisteringObjectGraphType<PolicyMutations>(), new AutoRegisteringObjectGraphType<DelegateMutations>(), new AutoRegisteringObjectGraphType<LedgerMutations>(),
            new AutoRegisteringObjectGraphType<ConsentResourceMutations>(), new AutoRegisteringObjectGraphType<BreakGlassMutations>(),
            new AutoRegisteringObjectGraphType<ErasureMutations>(), new AutoRegisteringObjectGraphType<PatientKeyMutations>(), new AutoRegisteringObjectGraphType<TokenMutations>(),
            new AutoRegisteringObjectGraphType<OrganizationMutations>(), new AutoRegisteringObjectGraphType<LaunchMutations>(), new AutoRegisteringObjectGraphType<DisclosureMutations>());
        Subscription = Root("Subscription", new AutoRegisteringObjectGraphType<HrmsSubscriptions>());
    }

    private static ObjectGraphType Root(string name, params IEnumerable<IObjectGraphType> features)
    {
        var root = new ObjectGraphType { Name = name };
        foreach (var field in features.SelectMany(feature => feature.Fields))
            root.AddField(KnownAskersOnly(field));
        return root;
    }

    /// <summary>
    /// The page, the schema's own description and <c>__typename</c> are for everyone; any field of ours is for whom a token names, and, where it is not <see cref="ForAppsAttribute"/>,
    /// whose token is good for all that the party may do.
    /// </summary>
    private static FieldType KnownAskersOnly(FieldType field)
    {
        var isForApps = ForAppsAttribute.IsOn(field);
        if (field.StreamResolver is { } stream)
            field.StreamResolver = new SourceStreamResolver<object>(context => OpenAsync(stream, context, isForApps));
        else if (field.Resolver is { } resolver)
            field.Resolver = new FuncFieldResolver<object>(context => ResolveAsync(resolver, context, isForApps));
        return field;
    }

    private static ValueTask<object?> ResolveAsync(IFieldResolver resolver, IResolveFieldContext context, bool isForApps)
    {
        context.Admit(isForApps);
        return RefusedToken.NoteAsync(resolver.ResolveAsync(context), context);
    }

    private static ValueTask<IObservable<object?>> OpenAsync(ISourceStreamResolver stream, IResolveFieldContext context, bool isForApps)
    {
        context.Admit(isForApps);
        return stream.ResolveAsync(context);
    }
}
