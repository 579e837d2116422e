using TsVlm.Chaos;

// dotnet run -c Release --project tests/TsVlm.Chaos -- [chaos] --faults 100 --seed 1 --runs 30
//                                                      load --runs 1000 | poison | trainers --runs 12
// Exit code 0: everything held. 1: something did not, and the output says what. 2: a server or a program cannot be had here.
try
{
    var options = new Options(args);
    return Output.Sum(options.Command switch
    {
        "load" => await LoadExperiment.Run(options.Number("runs", 1000)),
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
