using TsVlm.ServiceDefaults;
using TsVlm.Trainer;
using TsVlm.VisionLanguage;

TorchRuntime.ShareTheMachine();
return await ServiceHost.Run(args, service =>
{
    var settings = TrainerSettings.Read(service.Settings);
    service.AddArtifacts();
    service.AddModels();
    service.AddMessaging(bus => bus.AddTrainer(settings));
});
