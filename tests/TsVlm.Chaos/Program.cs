using System.Globalization;
using TsVlm.Chaos;

// dotnet run -c Release --project tests/TsVlm.Chaos -- [chaos] --faults 100 --seed 1 --runs 30
//                                                      load --runs 1000 | poison | trainers --runs 12
// Exit code 0: everything held. 1: something did not, and the output says what. 2: a server or a program cannot be had here.
var options = args.Select((text, i) => (text, i)).Where(at => at.text.StartsWith("--", StringComparison.Ordinal) && at.i + 1 < args.Length)
    .ToDictionary(at => at.text[2..], at => int.Parse(args[at.i + 1], CultureInfo.InvariantCulture));
int Option(string name, int standard) => options.GetValueOrDefault(name, standard);
try
{
    var findings = args.FirstOrDefault() switch
    {
        "load" => await LoadExperiment.Run(Option("runs", 1000)),
        "poison" => await PoisonExperiment.Run(),
        "trainers" => await TrainersExperiment.Run(Option("runs", 12)),
        _ => await ChaosExperiment.Run(Option("faults", 8), Option("seed", 1), Option("runs", 30)),
    };
    foreach (var finding in findings) Output.Line($"FAILED: {finding}");
    Output.Line(findings.Count == 0 ? "Everything held." : $"{findings.Count} failed.");
    return findings.Count == 0 ? 0 : 1;
}
catch (ChaosException failed)
{
    Output.Line($"FAILED: {failed.Message}");
    return 1;
}
catch (MissingServerException missing)
{
    Output.Line(missing.Message);
    return 2;
}
