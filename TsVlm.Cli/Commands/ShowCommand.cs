using System.CommandLine;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Representations;
using TsVlm.Scenarios;

namespace TsVlm.Cli;

/// <summary><c>tsvlm show</c>: one sample as the model sees it.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var dataset = new Argument<string>("DATASET") { Description = "Name of the data set." };
        var index = new Argument<int>("INDEX") { Description = "Number of the case: the training file's from 0, then the test file's." };
        var (data, scenarios, protocol, model) = (SharedOptions.Data(), SharedOptions.Scenarios(), SharedOptions.Protocol(), SharedOptions.Model());
        var scenario = new Option<string?>("--scenario") { HelpName = "NAME", Description = "Which scenario of the preset or grid; the first one where none is named." };
        var output = new Option<string?>("--out") { HelpName = "FILE.png", Description = "Where the image goes; DATASET-INDEX.png where none is named." };
        var command = new Command("show",
            "Writes the image and prints the prompt of one sample, so that a person can see what the model sees.\n\n"
            + "Examples:\n  tsvlm show CBF 3\n  tsvlm show GunPoint 60 --data archive --scenarios paper --scenario WITH_STATS_2048")
        {
            dataset, index, data, scenarios, scenario, protocol, model, output,
        };
        command.Run((parsed, _) =>
        {
            var opened = new DatasetCatalog(parsed.GetValue(data)).Open(parsed.GetValue(dataset)!);
            var chosen = Choose(GridExpansion.Of(ScenarioPresets.Open(parsed.GetValue(scenarios)!)).Scenarios, parsed.GetValue(scenario));
            var split = Splitter.Split(opened, parsed.GetValue(protocol)!, 0);
            var folder = ModelFolder.Open(parsed.GetValue(model)!);
            var number = parsed.GetValue(index);
            Show(opened, number, chosen, split, folder, parsed.GetValue(output) ?? $"{opened.Name}-{number}.png");
            return Task.FromResult(0);
        });
        return command;
    }

    private static Scenario Choose(IReadOnlyList<Scenario> scenarios, string? name) =>
        name is null ? scenarios[0] : scenarios.FirstOrDefault(s => s.Name == name)
            ?? throw new GridException($"--scenario {name}: expected one of {string.Join(", ", scenarios.Select(s => s.Name))}.");

    private static void Show(Dataset dataset, int index, Scenario scenario, DatasetSplit split, ModelFolder model, string imagePath)
    {
        if (index < 0 || index >= dataset.Cases.Count)
            throw new DataException($"{dataset.Name}: expected a case from 0 to {dataset.Cases.Count - 1}, found {index}.");
        var fitted = FittedRepresentation.Fit(scenario.Representation, model.Inputs, dataset.Classes, [.. split.Train.Select(i => dataset.Cases[i].Series)]);
        var builder = new SampleBuilder(fitted, model.Inputs);
        var (series, label) = dataset.Cases[index];
        // The control arm shows the image of another case; here that is the next one.
        var pictured = scenario.Representation.Arm is Arm.ShuffledImage ? dataset.Cases[(index + 1) % dataset.Cases.Count].Series : series;
        var input = builder.Build(series, pictured);
        var answer = builder.Answers[dataset.Classes.ToList().IndexOf(label)];

        Console.WriteLine(input.Prompt);
        Console.WriteLine();
        Console.WriteLine($"answer to learn : {answer}   (label {label}; the prompt above was built without it)");
        Console.WriteLine($"scenario        : {scenario.Name}");
        var numImageTokens = input.Image is null ? 0 : model.Inputs.NumImageTokens;
        Console.WriteLine($"sequence        : {builder.CountTokens(input)} of {scenario.Representation.ContextLength} tokens, {numImageTokens} of them the image's");
        Console.WriteLine($"downsampling    : {input.DownsamplingFactor} time steps a point, {series.Length} time steps, {series.NumChannels} channels");
        if (input.Image is null)
        {
            Console.WriteLine("image           : none in this scenario");
            return;
        }
        File.WriteAllBytes(imagePath, input.Image);
        Console.WriteLine($"image           : {imagePath} ({model.Inputs.ImageSize} x {model.Inputs.ImageSize} pixels)");
    }
}
