using System.Reflection;
using TsVlm.Contracts;
using TsVlm.Datagen;
using TsVlm.Evaluator;
using TsVlm.Scenarios.Experiments;
using TsVlm.Trainer;

namespace TsVlm.Services.Tests;

public class UserFacingErrorTests
{
    public static TheoryData<string> Assemblies => new(Loaded.Keys);

    private static Dictionary<string, Assembly> Loaded { get; } = All(
        typeof(SampleGeneration).Assembly, typeof(ModelEvaluation).Assembly, typeof(Launcher).Assembly, typeof(FineTuning).Assembly);

    /// <summary>A new kind of error must not be shown with its type and stack trace for want of the mark.</summary>
    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Every_error_of_the_product_is_marked_as_one_for_people(string assembly) =>
        Assert.DoesNotContain(Loaded[assembly].GetTypes(), type => type.IsSubclassOf(typeof(Exception))
            && !type.IsAssignableTo(typeof(IUserFacingError)));

    private static Dictionary<string, Assembly> All(params Assembly[] roots)
    {
        var found = new Dictionary<string, Assembly>();
        var open = new Queue<Assembly>(roots);
        while (open.TryDequeue(out var assembly))
        {
            if (!found.TryAdd(assembly.GetName().Name!, assembly)) continue;
            foreach (var name in assembly.GetReferencedAssemblies().Where(name => name.Name!.StartsWith("TsVlm", StringComparison.Ordinal)))
                open.Enqueue(Assembly.Load(name));
        }
        return found;
    }
}
