using TsVlm.Chaos;
using TsVlm.Chaos.Api;

// dotnet run -c Release --project tests/TsVlm.Chaos -- [chaos] --faults 100 --seed 1 --runs 30
//     load --runs 1000 | poison | trainers --runs 12 | api-load --clients 200 --seconds 300 --think-ms 200
//     api-cancel --runs 10000   (both of the API with --services ROOT: those built in another repository)
// Exit code 0: everything held. 1: something did not, and the output says what. 2: a server or a program cannot be had here.
try
{
    var options = new Options(args);
    return Output.Sum(options.Command switch
    {
        "load" => await LoadExperiment.Run(options.Number("runs", 1000)),
        "api-load" => await ApiLoadExperiment.Run(options.Number("clients", 200), options.Number("seconds", 300),
            new(options.Number("think-ms", 200)), options.Text("services")),
        "api-cancel" => await ApiCancelExperiment.Run(options.Number("runs", 10_000), options.Text("services")),
        "poison" => await PoisonExperiment.Run(),
        "trainers" => await TrainersExperiment.Run(options.Number("runs", 12)),
        _ => await ChaosExperiment.Run(options.Number("faults", 8), options.Number("seed", 1), options.Number("runs", 30)),
    });
}
catch (ChaosException failed)
{
    return Output.Sum([failed.Message]);
}
catch (MissingServerException missing)
{
    Output.Line(missing.Message);
    return 2;
}
