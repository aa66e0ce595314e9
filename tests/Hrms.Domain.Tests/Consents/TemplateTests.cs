using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Patients;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Consents;

/// <summary>A template is its terms written by hand, and nothing more.</summary>
public sealed class TemplateTests
{
    private static readonly PatientId Ana = new(Id(100));
    private static readonly Asker Self = new(Actor.Patient(Ana), PurposeOfUse.PATRQT);
    private static readonly Period NextYear = new(null, Now.AddYears(1));
    private static readonly PatientState State = PatientState.Initial(Ana).After(
        [
            new PatientRegistered(Now, Ana, Actor.Patient(Ana)),
            new ConsentGranted(Now, new ConsentId(Id(1)), Permit(DrLee, Only(DataClass.Laboratory)).Except(Deny(DrLee, Labelled("HIV")), Deny(DrKim, Only(DataClass.Genomics))), []),
        ],
        1);

    private static readonly PurposeOfUse[] Care = [PurposeOfUse.TREAT, PurposeOfUse.ETREAT, PurposeOfUse.COC];
    private static readonly AccessAction[] Look = [AccessAction.View, AccessAction.Query];

    public static TheoryData<string, ConsentTerms> ByHand => new()
    {
        { "my-gp", Permit(DrLee, @for: Care, to: [.. Look, AccessAction.Store, AccessAction.Stream]).Except() },
        {
            "emergency-contact", Permit(
                DrLee, Only(DataClass.Demographics, DataClass.Allergies, DataClass.Conditions, DataClass.Medications, DataClass.Immunizations),
                [PurposeOfUse.ETREAT, PurposeOfUse.FAMRQT], Look).Except()
        },
        { "labs-only", Permit(DrLee, Only(DataClass.Laboratory), Care, Look).Except() },
        { "research-daily-means", Permit(DrLee, Only(DataClass.Wearables) with { Resolutions = [SampleResolution.Day] }, [PurposeOfUse.HRESCH], Look).Except() },
        { "nothing-restricted", Permit(DrLee, @for: Care, to: Look).Except(Deny(DrLee, DataFilter.All with { Confidentialities = [Confidentiality.R, Confidentiality.V] })) },
        { "insurer-claims", Permit(DrLee, Only(DataClass.Financial), [PurposeOfUse.HPAYMT], Look).Except() },
    };

    [Theory, MemberData(nameof(ByHand), DisableDiscoveryEnumeration = true), Trait("Feature", "27")]
    public void EveryTemplate_GivesTheTermsWrittenByHand(string code, ConsentTerms terms)
    {
        var granted = Granted(TemplateRules.Grant(State, new GrantFromTemplate(new CommandId(Id(2)), Self, code, DrLee, NextYear, true), Now, []));
        var byHand = Granted(ConsentRules.Grant(State, new GrantConsent(new CommandId(Id(2)), Self, terms with { Validity = NextYear }, true), Now, []));

        Assert.Equal(EventJson.Write<PatientEvent>(byHand), EventJson.Write<PatientEvent>(granted));
    }

    [Fact, Trait("Feature", "27")]
    public void EveryTemplateOfTheTable_IsComparedAbove() =>
        Assert.Equal(ConsentTemplates.All.Select(template => template.Code).Order(), ByHand.Select(row => row.Data.Item1).Order());

    [Fact, Trait("Feature", "27")]
    public void OwnTemplates_KeepWhatAConsentSays_AndPutTheNewGranteeInItsPlace()
    {
        var saved = State.After(TemplateRules.Save(State, new SaveTemplate(new CommandId(Id(3)), Self, "My labs", new ConsentId(Id(1))), Now).Events, 3);

        var granted = Granted(TemplateRules.Grant(
            saved, new GrantFromTemplate(new CommandId(Id(4)), Self, TemplateRules.CodeOf(new CommandId(Id(3))), CityHospital, NextYear, true), Now, []));

        var expected = Permit(CityHospital, Only(DataClass.Laboratory)).Except(Deny(CityHospital, Labelled("HIV")), Deny(DrKim, Only(DataClass.Genomics)));
        Assert.True(SameTerms.Equal(expected with { Validity = NextYear }, granted.Terms));
        Assert.Same(Decided<PatientEvent>.AlreadyDone, TemplateRules.Save(saved, new SaveTemplate(new CommandId(Id(3)), Self, "My labs", new ConsentId(Id(1))), Now));
        Assert.Equal(RefusalCode.CommandReused, TemplateRules.Save(saved, new SaveTemplate(new CommandId(Id(3)), Self, "My other labs", new ConsentId(Id(1))), Now).Refusal?.Code);
    }

    /// <summary>Apps and stored templates know it: it is what it was yesterday.</summary>
    [Fact]
    public void ATemplatesCode_FollowsFromItsCommand_ForEver() =>
        Assert.Equal("cf149bd7-9af5-8969-8238-67b9fb6f6260", TemplateRules.CodeOf(new CommandId(Guid.Empty)));

    [Fact, Trait("Feature", "24"), Trait("Feature", "27")]
    public void ATemplateThatWithholds_NeedsTheWarning_AsByHand()
    {
        var grant = new GrantFromTemplate(new CommandId(Id(2)), Self, "nothing-restricted", DrLee, NextYear);
        Assert.Equal(RefusalCode.ImpactNotAcknowledged, TemplateRules.Grant(State, grant, Now, []).Refusal?.Code);
        Assert.True(Granted(TemplateRules.Grant(State, grant with { ImpactAcknowledged = true }, Now, [])).ImpactAcknowledged);
        Assert.Null(TemplateRules.Grant(State, grant with { Template = "labs-only" }, Now, []).Refusal);
    }

    [Fact, Trait("Feature", "27")]
    public void OnlyThePatient_GivesAndKeeps_WhatThereIs()
    {
        Asker other = new(DrLee, PurposeOfUse.TREAT);
        var grant = new GrantFromTemplate(new CommandId(Id(2)), Self, "labs-only", DrLee, NextYear);
        var save = new SaveTemplate(new CommandId(Id(3)), Self, "My labs", new ConsentId(Id(1)));

        Refusal?[] refused =
        [
            TemplateRules.Grant(State, grant with { Asker = other }, Now, []).Refusal, TemplateRules.Grant(State, grant with { Template = "none" }, Now, []).Refusal,
            TemplateRules.Save(State, save with { Asker = other }, Now).Refusal, TemplateRules.Save(State, save with { Consent = new ConsentId(Id(9)) }, Now).Refusal,
        ];
        Assert.All(refused, refusal => Assert.Equal(RefusalCode.NotFound, refusal?.Code));
        var longest = save with { Name = new string('x', TemplateRules.NameLengthMax) };
        Assert.Null(TemplateRules.Save(State, longest, Now).Refusal);
        foreach (var name in new[] { "", " ", longest.Name + "x" })
            Assert.Equal("name", TemplateRules.Save(State, save with { Name = name }, Now).Refusal?.Place);
        var full = State with { Templates = [.. Enumerable.Range(0, TemplateRules.OwnMax).Select(i => ConsentTemplates.All[0] with { Code = $"{i}" })] };
        Assert.Equal(RefusalCode.LimitExceeded, TemplateRules.Save(full, save, Now).Refusal?.Code);
    }

    private static ConsentGranted Granted(Decided<PatientEvent> decided) => Assert.IsType<ConsentGranted>(Assert.Single(decided.Events));
}
