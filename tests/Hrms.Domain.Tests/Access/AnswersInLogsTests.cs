using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Hrms.Contracts;

namespace Hrms.Domain.Tests.Access;

/// <summary>Orleans writes an answer that came too late, that nobody waits for any more or that can't be sent into the log, at its usual level, as the answer's own text. Of a request it writes types alone.</summary>
[Trait("Feature", "85")]
public sealed class AnswersInLogsTests
{
    private static readonly Type[] OfPersons = [typeof(IPatientGrain), typeof(IProviderGrain), typeof(IDeviceGrain), typeof(IAccountGrain)];

    [Fact]
    public void AnOutcome_WritesNothingOfItsValue()
    {
        Outcome<string> artefact = "the words of a consent";
        Outcome<string> refused = new Refusal(RefusalCode.Invalid, "No such word: Quillfeather.");
        Assert.Equal(("String", "Invalid"), (artefact.ToString(), refused.ToString()));
    }

    [Fact]
    public void WhatAGrainOfPersonsAnswersOtherwise_HoldsNoWords()
    {
        var answers = OfPersons.SelectMany(grain => grain.GetMethods()).Select(method => method.ReturnType).Where(type => type.IsGenericType).Select(type => type.GetGenericArguments()[0])
            .Where(type => !(type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Outcome<>))).Distinct().ToList();
        Assert.Contains(typeof(ConsentRequestView), answers);
        Assert.Empty(answers.Where(HoldsWords).Select(type => type.Name));
    }

    /// <summary>Whether a text, or a record that writes one, is in what it writes. Lists and arrays write their type alone.</summary>
    private static bool HoldsWords(Type type) => type == typeof(string)
        || (!type.IsEnum && !typeof(IEnumerable).IsAssignableFrom(type) && IsOurs(type) && WritesItsMembers(type) && type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Any(member => HoldsWords(member.PropertyType)));

    private static bool IsOurs(Type type) => type.Assembly == typeof(Outcome<>).Assembly;

    private static bool WritesItsMembers(Type type) => type.GetMethod(nameof(ToString), Type.EmptyTypes)!.IsDefined(typeof(CompilerGeneratedAttribute));
}
